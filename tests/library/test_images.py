"""Folders of images."""

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from .harness import Step


@pytest.fixture
def photos(step: Step) -> Path:
    return step("sample_images", count=6).outputs["images"]


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _png(color: str = "red", size: tuple[int, int] = (40, 20), mode: str = "RGB") -> bytes:
    content = io.BytesIO()
    Image.new(mode, size, color).save(content, "PNG")
    return content.getvalue()


def _zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return path


def test_sample_images_are_photos_of_two_classes(photos: Path) -> None:
    assert _names(photos) == [f"{name}/{name}_00{n}.jpg" for name in ("china", "flower") for n in range(3)]
    images = [Image.open(photos / name) for name in _names(photos)]
    assert {image.size for image in images} == {(128, 128)}
    assert len({image.tobytes() for image in images}) == 6


def test_sample_images_can_be_digits(step: Step) -> None:
    folder = step("sample_images", kind="digits", count=20, size=64).outputs["images"]
    assert sorted(path.name for path in folder.iterdir()) == list("0123456789")
    assert Image.open(folder / "0" / "digit_0_0000.png").mode == "L"


def test_read_images_unpacks_the_images_of_a_zip_file(step: Step, tmp_path: Path) -> None:
    members = {"cats/a.png": _png(), "b.PNG": _png("blue"), "notes.txt": b"x", "__MACOSX/a.png": b"", "bad.jpg": b"?"}
    outcome = step("read_images", archive=_zip(tmp_path / "x.zip", members))
    assert _names(outcome.outputs["images"]) == ["b.PNG", "cats/a.png"]
    assert "left out 1 broken ones" in outcome.stdout


def test_read_images_takes_a_folder(step: Step, photos: Path) -> None:
    assert _names(step("read_images", folder=photos).outputs["images"]) == _names(photos)


def test_read_images_wants_one_source_with_images(step: Step, photos: Path, tmp_path: Path) -> None:
    assert step.error("read_images") == "Link either a folder or a zip file."
    (tmp_path / "empty").mkdir()
    assert step.error("read_images", folder=tmp_path / "empty").startswith("The folder has no images")
    (tmp_path / "x.zip").write_bytes(b"no zip")
    assert step.error("read_images", archive=tmp_path / "x.zip") == (
        "“x.zip” cannot be unpacked: File is not a zip file."
    )


@pytest.mark.parametrize("name", ["../evil.png", "/etc/evil.png", "a\\..\\evil.png", "a/../../evil.png"])
def test_read_images_stays_within_its_folder(name: str, step: Step, tmp_path: Path) -> None:
    error = step.error("read_images", archive=_zip(tmp_path / "x.zip", {name: _png()}))
    assert error == f"The zip file holds “{name}”, which leads out of its folder."


def test_read_images_refuses_bombs(step: Step, tmp_path: Path) -> None:
    bomb = _zip(tmp_path / "x.zip", {f"{n}.png": bytes(260 << 20) for n in range(1)})
    assert step.error("read_images", archive=bomb) == "“0.png” is larger than 256 MB."
    huge = Image.new("1", (20_000, 6_000))
    huge.save(tmp_path / "huge.png")
    outcome = step(
        "read_images",
        archive=_zip(
            tmp_path / "y.zip",
            {
                "a.png": _png(),
                "huge.png": (tmp_path / "huge.png").read_bytes(),
            },
        ),
    )
    assert "“huge.png” is no image that can be read: 20000 x 6000 pixels are too many." in outcome.stdout


@pytest.mark.parametrize(
    ("fit", "size"), [("contain", (100, 50)), ("cover", (100, 80)), ("pad", (100, 80)), ("stretch", (100, 80))]
)
def test_resize_images_fits_them_into_a_size(fit: str, size: tuple[int, int], step: Step, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.png").write_bytes(_png())
    folder = step("resize_images", images=tmp_path / "in", width=100, height=80, fit=fit).outputs["result"]
    image = Image.open(folder / "a.png")
    assert image.size == size
    assert image.getpixel((0, 0)) == ((255, 255, 255) if fit == "pad" else (255, 0, 0))


def test_resize_images_names_a_broken_image(step: Step, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.png").write_bytes(b"not a picture")
    assert step.error("resize_images", images=tmp_path / "in").startswith("“a.png” is no image that can be read")


def test_convert_images_keeps_all_though_names_meet(step: Step, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.png").write_bytes(_png("#ff000000", mode="RGBA"))
    Image.new("P", (9, 9)).save(tmp_path / "in" / "a.gif")
    folder = step("convert_images", images=tmp_path / "in").outputs["result"]
    assert _names(folder) == ["a.jpg", "a_2.jpg"]
    assert Image.open(folder / "a_2.jpg").getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "keep"])
def test_convert_images_leaves_out_where_a_photo_was_taken(format: str, step: Step, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x0112] = 6
    Image.new("RGB", (40, 20)).save(tmp_path / "a.jpg", exif=exif)
    assert Image.open(tmp_path / "a.jpg").getexif().get_ifd(0x8825)
    folder = step("convert_images", images=tmp_path, format=format).outputs["result"]
    image = Image.open(next(folder.iterdir()))
    assert not image.getexif()
    assert image.size == (20, 40), "it stands upright"


def test_convert_images_to_grey(step: Step, photos: Path) -> None:
    folder = step("convert_images", images=photos, format="png", grey=True).outputs["result"]
    assert Image.open(folder / "china" / "china_000.png").mode == "L"


def test_convert_images_needs_a_folder(step: Step, photos: Path) -> None:
    error = step.error("convert_images", images=photos / "china" / "china_000.jpg")
    assert error == "“china_000.jpg” is one file, but a folder of images is needed; add “Read images”."


def test_augment_images_makes_the_same_copies_again(step: Step, photos: Path) -> None:
    one, same, other = (step("augment_images", images=photos, seed=s).outputs["result"] for s in (1, 1, 2))
    assert len(_names(one)) == 18
    copy = "flower/flower_001_2.jpg"
    assert (one / copy).read_bytes() == (same / copy).read_bytes() != (other / copy).read_bytes()
    assert Image.open(one / copy).size == (128, 128)
    assert (one / copy).read_bytes() != (photos / "flower/flower_001.jpg").read_bytes()


def test_augment_images_needs_images(step: Step, tmp_path: Path) -> None:
    assert step.error("augment_images", images=tmp_path).startswith("The folder has no images")


def test_contact_sheet_shows_all(step: Step, photos: Path) -> None:
    sheet = Image.open(step("contact_sheet", images=photos, columns=4, size=100).outputs["sheet"])
    assert sheet.format == "PNG"
    assert sheet.size == (4 * 108 + 8, 2 * 126 + 8)
    assert step("contact_sheet", images=photos, most=2).stdout.count("Wrote a sheet of 2 images") == 1


def test_contact_sheet_needs_images(step: Step, tmp_path: Path) -> None:
    assert step.error("contact_sheet", images=tmp_path).startswith("The folder has no images")


def test_image_features_measure_what_is_seen(step: Step, tmp_path: Path, photos: Path) -> None:
    (tmp_path / "in" / "red").mkdir(parents=True)
    (tmp_path / "in" / "red" / "a.png").write_bytes(_png())
    row = step("image_features", images=tmp_path / "in").table().to_dicts()[0]
    assert (row["file"], row["folder"], row["width"], row["height"]) == ("red/a.png", "red", 40, 20)
    assert (row["mean_red"], row["mean_green"], row["sharpness"], row["entropy"]) == (255, 0, 0, 0)
    assert row["light_3"] == 1
    frame = step("image_features", images=photos, bins=4).table()
    shares = frame.select("light_1", "light_2", "light_3", "light_4").sum_horizontal()
    assert shares.to_list() == pytest.approx([1.0] * 6)
    assert frame["sharpness"].min() > 0


def test_image_features_name_a_broken_image(step: Step, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    assert step.error("image_features", images=tmp_path).startswith("“a.jpg” is no image")
