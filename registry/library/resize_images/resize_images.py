from pathlib import Path

from images import each_image, save_image
from PIL import Image, ImageOps
from step import run

SMOOTH = Image.Resampling.LANCZOS


def resize_images(images: Path, result: Path, width: int = 256, height: int = 256, fit: str = "contain") -> None:
    """Bring all images to one size."""
    for path, image in each_image(images):
        save_image(_resized(_true_colour(image), (width, height), fit), result / path)


def _true_colour(image: Image.Image) -> Image.Image:
    """Palettes and single bits cannot be resized smoothly."""
    return image.convert("RGBA" if "transparency" in image.info else "RGB") if image.mode in ("P", "1") else image


def _resized(image: Image.Image, size: tuple[int, int], fit: str) -> Image.Image:
    if fit == "contain":
        return ImageOps.contain(image, size, SMOOTH)
    if fit == "cover":
        return ImageOps.fit(image, size, SMOOTH)
    if fit == "pad":
        return ImageOps.pad(image, size, SMOOTH, color=None if "A" in image.mode else "white")
    return image.resize(size, SMOOTH)


if __name__ == "__main__":
    run(resize_images)
