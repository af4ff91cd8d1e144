"""The registry's part of the REST API: one module a subject, one class an address."""
