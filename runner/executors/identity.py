"""The name under which this process holds steps; a worker sets it when it starts."""

name = ""
