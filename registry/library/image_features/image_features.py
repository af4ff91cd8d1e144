from pathlib import Path

import polars as pl
from images import each_image, opaque
from PIL import Image, ImageFilter, ImageStat
from step import run
from tables import write_table


def image_features(images: Path, result: Path, bins: int = 8) -> None:
    """Describe each image by numbers: size, colours, brightness, contrast, sharpness."""
    rows = [
        {"file": path.as_posix(), "folder": _folder(path), **_features(image, bins)}
        for path, image in each_image(images)
    ]
    write_table(pl.DataFrame(rows, infer_schema_length=None), result)


def _folder(path: Path) -> str | None:
    """The folder that an image lies in, which often is its class."""
    return path.parent.name or None


def _features(image: Image.Image, bins: int) -> dict[str, str | float]:
    colour, grey = opaque(image).convert("RGB"), opaque(image).convert("L")
    red, green, blue = ImageStat.Stat(colour).mean
    light = ImageStat.Stat(grey)
    found: dict[str, str | float] = {
        "format": image.format or "",
        "mode": image.mode,
        "width": image.width,
        "height": image.height,
        "aspect_ratio": image.width / image.height,
        "mean_red": red,
        "mean_green": green,
        "mean_blue": blue,
        "saturation": ImageStat.Stat(colour.convert("HSV")).mean[1],
        "brightness": light.mean[0],
        "contrast": light.stddev[0],
        "sharpness": _sharpness(grey),
        "entropy": grey.entropy(),
    }
    return found | _histogram(grey, bins)


def _sharpness(grey: Image.Image) -> float:
    """The variance of the edges, without the frame that the filter leaves as it is."""
    edges = grey.filter(ImageFilter.FIND_EDGES)
    inner = edges.crop((1, 1, max(2, grey.width - 1), max(2, grey.height - 1)))
    return ImageStat.Stat(inner).var[0]


def _histogram(grey: Image.Image, bins: int) -> dict[str, float]:
    """The share of pixels in equal ranges of brightness, from dark to light."""
    counts = grey.histogram()
    pixels = grey.width * grey.height
    edges = [256 * number // bins for number in range(bins + 1)]
    return {f"light_{n + 1}": sum(counts[edges[n] : edges[n + 1]]) / pixels for n in range(bins)}


if __name__ == "__main__":
    run(image_features)
