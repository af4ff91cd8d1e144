"""The registry's pages: one module a subject, thin."""
