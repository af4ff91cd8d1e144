"""Sizes in bytes as people write and read them. A KB has 1,024 bytes, here as everywhere in Portline."""

import re

UNITS = ("B", "KB", "MB", "GB", "TB", "PB")
_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGTP]?)i?B?", re.IGNORECASE)


def parse_size(written: str | int | float) -> int:
    """The bytes of `2GB`, `512 MB`, `1.5Gi` or a number. Raises ValueError with a sentence."""
    if isinstance(written, bool):
        written = str(written)
    found = _WRITTEN.fullmatch(str(written).strip())
    size = int(float(found[1]) * 1024 ** " KMGTP".index(found[2].upper() or " ")) if found else 0
    if not 0 < size < 2**63:
        raise ValueError(f"`{written}` is no size; write it as 512MB, 2GB or a number of bytes")
    return size


def shown_size(size: int) -> str:
    """Bytes as people read them: `640 B`, `1.2 KB`, `34 MB`."""
    value, units = float(size), list(UNITS)
    while value >= 999.5 and len(units) > 1:
        value, units = value / 1024, units[1:]
    text = f"{value:.0f}" if units[0] == "B" or value >= 99.95 else f"{value:.1f}"
    return f"{text.removesuffix('.0')} {units[0]}"
