import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from images import image_files, is_image, open_image
from step import UserError, progress, run

MEGABYTE = 1 << 20
MOST_FILES = 100_000
MOST_BYTES = 4096 * MEGABYTE
MOST_BYTES_EACH = 256 * MEGABYTE


def read_images(
    images: Path, folder: Path | None = None, archive: Path | None = None, skip_broken: bool = True
) -> None:
    """Collect the images of a folder or a zip file, leaving out what is no image."""
    if (folder is None) == (archive is None):
        raise UserError("Link either a folder or a zip file.")
    with tempfile.TemporaryDirectory() as unpacked:
        source = folder or _unpack(archive, Path(unpacked))
        if source.is_file():
            raise UserError(f"“{source.name}” is a file; link it to the input for zip files.")
        files = image_files(source)
        broken = sum(
            not _copy(path, images / path.relative_to(source), skip_broken, n, len(files))
            for n, path in enumerate(files, start=1)
        )
    if broken == len(files):
        raise UserError("None of the images can be read.")
    print(f"Read {len(files) - broken:,} images" + (f", left out {broken:,} broken ones." if broken else "."))


def _copy(path: Path, target: Path, skip_broken: bool, number: int, total: int) -> bool:
    """Copy an image unchanged if it can be opened."""
    progress(number, total)
    try:
        open_image(path)
    except UserError as error:
        if not skip_broken:
            raise
        print(error)
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(path.read_bytes())
    return True


def _unpack(archive: Path | None, folder: Path) -> Path:
    """Unpack the images of a zip file, with limits that a zip bomb runs into and no way out of the folder."""
    assert archive is not None
    try:
        with zipfile.ZipFile(archive) as zipped:
            members = [info for info in zipped.infolist() if not info.is_dir()]
            total = sum(info.file_size for info in members)
            if len(members) > MOST_FILES or total > MOST_BYTES:
                raise UserError(
                    f"The zip file holds {len(members):,} files of {total // MEGABYTE:,} MB together; "
                    f"at most {MOST_FILES:,} and {MOST_BYTES // MEGABYTE:,} MB are unpacked."
                )
            for info in members:
                _unpack_one(zipped, info, folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise UserError(f"“{archive.name}” cannot be unpacked: {str(error).rstrip('.')}.") from None
    return folder


def _unpack_one(zipped: zipfile.ZipFile, info: zipfile.ZipInfo, folder: Path) -> None:
    path = PurePosixPath(info.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in info.filename or ":" in info.filename:
        raise UserError(f"The zip file holds “{info.filename}”, which leads out of its folder.")
    if path.parts[0] == "__MACOSX" or not is_image(path.name):
        return
    if info.file_size > MOST_BYTES_EACH:
        raise UserError(f"“{info.filename}” is larger than {MOST_BYTES_EACH // MEGABYTE} MB.")
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    # zipfile reads no more than the size that was added up above.
    target.write_bytes(zipped.read(info))


if __name__ == "__main__":
    run(read_images)
