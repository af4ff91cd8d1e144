"""Pipelines for other engines: the document as flat steps, and one file for each format that writes them."""
