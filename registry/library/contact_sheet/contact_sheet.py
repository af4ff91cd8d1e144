from pathlib import Path

from images import each_image, image_files, opaque
from PIL import Image, ImageDraw, ImageFont, ImageOps
from step import run

GAP = 8
CAPTION = 18
PAPER, INK = "white", "#222222"


def contact_sheet(
    images: Path, sheet: Path, columns: int = 6, size: int = 128, captions: bool = True, most: int = 120
) -> None:
    """Show the images of a folder small, beside each other, on one PNG."""
    count = min(most, len(image_files(images)))
    columns = min(columns, count)
    row_height = size + GAP + (CAPTION if captions else 0)
    rows = -(-count // columns)
    page = Image.new("RGB", (columns * (size + GAP) + GAP, rows * row_height + GAP), PAPER)
    font = ImageFont.load_default(size=11)
    for number, (path, image) in enumerate(each_image(images, count)):
        left, top = GAP + number % columns * (size + GAP), GAP + number // columns * row_height
        small = ImageOps.contain(opaque(image), (size, size))
        page.paste(small, (left + (size - small.width) // 2, top + (size - small.height) // 2))
        if captions:
            text = _fitted(path.name, font, size)
            ImageDraw.Draw(page).text((left, top + size + 2), text, INK, font)
    page.save(sheet, "PNG")
    print(f"Wrote a sheet of {count} images, {page.width} x {page.height} pixels.")


def _fitted(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    """The text, shortened to a width."""
    short = text
    while font.getlength(short) > width and len(short) > 2:
        short = short[:-2] + "…"
    return short


if __name__ == "__main__":
    run(contact_sheet)
