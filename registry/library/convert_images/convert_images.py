from pathlib import Path

from images import QUALITY, each_image, opaque, save_image
from step import run

ENDINGS = {"jpeg": ".jpg", "png": ".png", "webp": ".webp"}


def convert_images(
    images: Path, result: Path, format: str = "jpeg", grey: bool = False, quality: int = QUALITY
) -> None:
    """Write all images in one format, in grey if wanted."""
    for path, image in each_image(images):
        target = result / (path if format == "keep" else path.with_suffix(ENDINGS[format]))
        if image.mode not in ("L", "RGB", "RGBA"):
            image = image.convert("RGBA") if "transparency" in image.info else opaque(image)
        save_image(opaque(image).convert("L") if grey else image, target, quality)


if __name__ == "__main__":
    run(convert_images)
