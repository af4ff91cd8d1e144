"""The REST API of runs: protocol.md, “Runs” and “Previews”."""
