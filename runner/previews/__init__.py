"""What an output looks like, as small JSON, made once when its step ends (protocol.md, “Previews”).

A helper process per worker makes them: it has polars loaded, so that a table costs a few milliseconds and not the 0.3 s
of an import in each step's end; it is no part of the server's process, so a file that makes a library crash, hang or
eat memory costs that helper (which is killed and started anew) and one preview.
"""
