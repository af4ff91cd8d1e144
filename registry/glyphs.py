"""Shapes of states and port types, for pages drawn by the server. `static/src/run` draws the same on the canvas."""

_RING = '<circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" stroke-width="{width}"{more}/>'
_MARK = 'class="status-glyph-mark"'

GLYPHS = {
    "hollow": _RING.format(width=1.5, more=""),
    "dashed": _RING.format(width=1.5, more=' stroke-dasharray="2.6 2.55"'),
    "slashed": _RING.format(width=1.5, more="") + '<path class="status-glyph-line" d="m4.2 11.8 7.6-7.6"/>',
    "dots": "".join(f'<circle cx="{x}" cy="8" r="1.75" fill="currentColor"/>' for x in (2.9, 8, 13.1)),
    "arc": _RING.format(width=2, more=' stroke-opacity="0.28"')
    + '<path class="status-glyph-arc" d="M8 2.25A5.75 5.75 0 0 1 13.75 8" stroke-width="2"/>'
    + '<path class="status-glyph-half" d="M8 2.25a5.75 5.75 0 0 1 0 11.5z" fill="currentColor"/>',
    "tick": f'<circle cx="8" cy="8" r="6.5" fill="currentColor"/><path {_MARK} d="m5 8.3 2.1 2.1 4-4.5"/>',
    "octagon": '<path fill="currentColor" d="M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3z"/>'
    f'<path {_MARK} d="m5.7 5.7 4.6 4.6m0-4.6-4.6 4.6"/>',
}

# status -> (shape, tone, word)
LOOKS = {
    "NotStarted": ("hollow", "idle", "Not started"),
    "Queued": ("dots", "queued", "Queued"),
    "Waiting": ("dots", "queued", "Waiting"),
    "Preparing": ("arc", "running", "Preparing"),
    "Running": ("arc", "running", "Running"),
    "Finalizing": ("arc", "running", "Finalizing"),
    "CancelRequested": ("arc", "idle", "Canceling"),
    "Completed": ("tick", "completed", "Completed"),
    "Failed": ("octagon", "failed", "Failed"),
    "Canceled": ("slashed", "idle", "Canceled"),
    "Skipped": ("dashed", "idle", "Skipped"),
}


def look_of(status: str) -> tuple[str, str, str]:
    """Shape, tone and word; a state that we do not know shows its own name."""
    return LOOKS.get(status, ("hollow", "idle", status))


# A run's steps as a bar: (tone, word, the states counted), in the order in which they are drawn.
SEGMENTS = (
    ("completed", "completed", ("Completed",)),
    ("failed", "failed", ("Failed",)),
    ("running", "running", ("Preparing", "Running", "Finalizing", "CancelRequested")),
    ("queued", "waiting", ("Queued", "Waiting")),
    ("skipped", "skipped or canceled", ("Skipped", "Canceled")),
    ("idle", "not started", ("NotStarted",)),
)

_SQUARE = '<rect x="-4.5" y="-4.5" width="9" height="9" rx="1.5"/>'
_NOTCHED = '<path d="M-4.5-4.5H2L4.5-2v6.5h-9z"/>'
_DIAMOND = '<path d="M0-5.5 5.5 0 0 5.5-5.5 0z"/>'
_CIRCLE = '<circle r="4.5"/>'

# port type -> (the family whose hue it has, its shape around 0,0)
PORT_GLYPHS = {
    "mltable": ("table", _SQUARE),
    "uri_file": ("file", _NOTCHED),
    "uri_folder": ("folder", _NOTCHED),
    "mlflow_model": ("model", _DIAMOND),
    "custom_model": ("model", _DIAMOND),
    "triton_model": ("model", _DIAMOND),
    "string": ("scalar", _CIRCLE),
    "integer": ("scalar", _CIRCLE),
    "number": ("scalar", _CIRCLE),
    "boolean": ("scalar", _CIRCLE),
}
