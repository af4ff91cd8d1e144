"""Folders of images between steps: found in order of name, opened with care, written so that bytes repeat."""

from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageOps
from step import UserError, progress

ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
MOST_PIXELS = 100_000_000
QUALITY = 90

# Pillow only warns of an image that is small on disk and huge in memory; `open_image` refuses it.
Image.MAX_IMAGE_PIXELS = None


def is_image(name: str) -> bool:
    """Whether a file is an image by its name; hidden files are not."""
    return name.lower().endswith(ENDINGS) and not name.startswith(".")


def image_files(folder: Path) -> list[Path]:
    """The images in a folder and the folders below it, in order of name. Raises UserError if there are none."""
    if folder.is_file():
        raise UserError(f"“{folder.name}” is one file, but a folder of images is needed; add “Read images”.")
    found = sorted(path for path in folder.rglob("*") if path.is_file() and is_image(path.name))
    if not found:
        raise UserError(f"The folder has no images; their names end with {', '.join(ENDINGS)}.")
    return found


def each_image(folder: Path, most: int | None = None) -> Iterator[tuple[Path, Image.Image]]:
    """Every image, or the first ones, with its path below the folder; tells the progress."""
    files = image_files(folder)[:most]
    for number, path in enumerate(files, start=1):
        yield path.relative_to(folder), open_image(path)
        progress(number, len(files))
    print(f"Done with {len(files):,} images.")


def open_image(path: Path) -> Image.Image:
    """The image, the right way up. Raises UserError for what is broken or too large."""
    try:
        image = Image.open(path)
        if image.width * image.height > MOST_PIXELS:
            raise ValueError(f"{image.width} x {image.height} pixels are too many")
        image.load()
    except (OSError, SyntaxError, EOFError, ValueError) as error:
        raise UserError(f"“{path.name}” is no image that can be read: {str(error).rstrip('.')}.") from None
    format_ = image.format
    image = ImageOps.exif_transpose(image)
    image.format = format_
    return image


def save_image(image: Image.Image, path: Path, quality: int = QUALITY) -> Path:
    """Write an image in the format that its ending names, without metadata. Gives a path that was free."""
    path = _free(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    ending = path.suffix.lower()
    if ending in (".jpg", ".jpeg"):
        opaque(image).save(path, "JPEG", quality=quality)
    elif ending == ".webp":
        image.save(path, "WEBP", quality=quality)
    else:
        plain = image.convert("RGB") if image.mode in ("CMYK", "YCbCr", "LAB", "HSV", "F") else image
        plain.save(path, Image.registered_extensions()[ending])
    return path


def opaque(image: Image.Image) -> Image.Image:
    """Grey or RGB; what is transparent becomes white."""
    if image.mode in ("L", "RGB"):
        return image
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    return image.convert("L" if image.mode in ("1", "I", "I;16") else "RGB")


def _free(path: Path) -> Path:
    """The path, or one with a number if two images got the same name."""
    number = 2
    free = path
    while free.exists():
        free = path.with_stem(f"{path.stem}_{number}")
        number += 1
    return free
