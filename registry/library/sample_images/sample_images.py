from collections.abc import Iterator
from pathlib import Path

import numpy as np
from images import save_image
from PIL import Image
from sklearn.datasets import load_digits, load_sample_image
from step import run

PHOTOS = ("china", "flower")


def sample_images(images: Path, kind: str = "photos", count: int = 24, size: int = 128) -> None:
    """Make a small set of real images from those that ship with scikit-learn, a folder for each class."""
    made = _photos(count, size) if kind == "photos" else _digits(count, size)
    written = [save_image(image, images / name) for name, image in made]
    classes = sorted({path.parent.name for path in written})
    print(f"Wrote {len(written)} images of {size} x {size} pixels in the folders {', '.join(classes)}.")


def _photos(count: int, size: int) -> Iterator[tuple[str, Image.Image]]:
    """Tiles of the two photos in turn, spread evenly."""
    pictures = [Image.fromarray(load_sample_image(f"{name}.jpg")) for name in PHOTOS]
    side = 160
    for number in range(count):
        name, picture = PHOTOS[number % 2], pictures[number % 2]
        # Steps by the golden ratio never repeat and leave no part out.
        across, down = (number // 2 * 0.618034) % 1, (number // 2 * 0.754878) % 1
        left, top = int(across * (picture.width - side)), int(down * (picture.height - side))
        tile = picture.crop((left, top, left + side, top + side))
        yield f"{name}/{name}_{number // 2:03}.jpg", tile.resize((size, size), Image.Resampling.LANCZOS)


def _digits(count: int, size: int) -> Iterator[tuple[str, Image.Image]]:
    digits = load_digits()
    for number in range(min(count, len(digits.images))):
        grey = np.round(digits.images[number] * 255 / 16).astype(np.uint8)
        image = Image.fromarray(grey).resize((size, size), Image.Resampling.NEAREST)
        digit = digits.target[number]
        yield f"{digit}/digit_{digit}_{number:04}.png", image


if __name__ == "__main__":
    run(sample_images)
