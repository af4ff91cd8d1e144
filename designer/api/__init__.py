"""The API of pipelines and templates (`docs/reference/protocol.md`)."""
