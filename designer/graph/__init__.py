"""What a pipeline is: its document, the operations that change it, what is wrong with it, and its geometry.

Pure Python: no Django, no I/O. `docs/reference/protocol.md` describes the formats.
"""
