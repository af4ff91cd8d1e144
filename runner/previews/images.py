"""Previews of pictures, known by their first bytes."""

import base64
import io
import os
from pathlib import Path
from typing import Any

MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*")
SHOWN = 24
LOOKED_AT = 5000
THUMBNAIL = (160, 160)
SUFFIXES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff"}


def of_file(path: Path, name: str, head: bytes) -> dict[str, Any] | None:
    if is_svg(head):
        return {"kind": "image", "width": 0, "height": 0, "format": "svg+xml", "path": name}
    if not is_picture(head):
        return None
    from PIL import Image

    with Image.open(path) as image:
        width, height, format_ = image.width, image.height, (image.format or "").lower()
    return {"kind": "image", "width": width, "height": height, "format": format_, "path": name}


def of_folder(path: Path) -> dict[str, Any] | None:
    """A folder of which at least half of the files are pictures."""
    files = [Path(folder) / name for folder, _, names in os.walk(path) for name in names][:LOOKED_AT]
    pictures = sorted(file for file in files if file.suffix.lower() in SUFFIXES)
    if not pictures or 2 * len(pictures) < len(files):
        return None
    shown: list[dict[str, Any]] = []
    for picture in pictures:
        if len(shown) == SHOWN:
            break
        entry = _thumbnail(picture)
        if entry:
            shown.append({"path": picture.relative_to(path).as_posix(), **entry})
    return {"kind": "images", "total": len(pictures), "images": shown} if shown else None


def is_picture(head: bytes) -> bool:
    return head.startswith(MAGIC) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def is_svg(head: bytes) -> bool:
    start = head.lstrip()[:1000].lower()
    return start.startswith(b"<svg") or (start.startswith(b"<?xml") and b"<svg" in start)


def _thumbnail(picture: Path) -> dict[str, Any] | None:
    from PIL import Image, ImageOps

    try:
        with Image.open(picture) as image:
            width, height = image.size
            image.draft("RGB", THUMBNAIL)
            small = ImageOps.exif_transpose(image)
            small.thumbnail(THUMBNAIL)
            data = io.BytesIO()
            small.convert("RGB").save(data, "WEBP", quality=60)
    except Exception:
        return None
    encoded = base64.b64encode(data.getvalue()).decode()
    return {"width": width, "height": height, "thumbnail": f"data:image/webp;base64,{encoded}"}
