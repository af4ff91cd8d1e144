import random
from pathlib import Path

from images import each_image, opaque, save_image
from PIL import Image, ImageEnhance, ImageOps
from step import run


def augment_images(
    images: Path,
    result: Path,
    copies: int = 2,
    flip: bool = True,
    rotate: float = 15.0,
    brightness: float = 0.2,
    keep: bool = True,
    seed: int = 0,
) -> None:
    """Make changed copies of each image, so that a model learns what does not matter."""
    for path, image in each_image(images):
        if keep:
            save_image(image, result / path)
        for number in range(1, copies + 1):
            # Each image has its own chance, so that adding one does not change the others.
            chance = random.Random(f"{seed} {path.as_posix()} {number}")
            changed = _changed(opaque(image), chance, flip, rotate, brightness)
            save_image(changed, result / path.with_stem(f"{path.stem}_{number}"))


def _changed(image: Image.Image, chance: random.Random, flip: bool, rotate: float, brightness: float) -> Image.Image:
    if flip and chance.random() < 0.5:
        image = ImageOps.mirror(image)
    if rotate:
        image = _turned(image, chance.uniform(-rotate, rotate))
    if brightness:
        image = ImageEnhance.Brightness(image).enhance(1 + chance.uniform(-brightness, brightness))
    return image


def _turned(image: Image.Image, degrees: float) -> Image.Image:
    """Turn within the frame; the corners show the mirrored edge instead of black."""
    margin = max(image.size) // 2
    wide = Image.new(image.mode, (image.width + 2 * margin, image.height + 2 * margin))
    for across in (-1, 1, 0):
        for down in (-1, 1, 0):
            part = ImageOps.mirror(image) if across else image
            part = ImageOps.flip(part) if down else part
            wide.paste(part, (margin + across * image.width, margin + down * image.height))
    turned = wide.rotate(degrees, Image.Resampling.BICUBIC)
    return turned.crop((margin, margin, margin + image.width, margin + image.height))


if __name__ == "__main__":
    run(augment_images)
