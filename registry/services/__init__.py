"""Everything that changes what can be used, and by whom: one module a subject."""
