"""Working folders, used again: to make and remove eight folders takes longer than a small step runs.

The folder of a step that ended is emptied and kept by its shape, the folders in it, for one that needs the same. Only
what is as it was made is kept: its owner, its mode and its attributes.
"""

import os
import shutil
import stat
import threading
import uuid
from collections import OrderedDict
from collections.abc import Collection

from runner.executors import identity

Shape = tuple[str, ...]
"""The folders within a working folder, as paths relative to it; each after the one that it lies in."""

KEPT_A_SLOT = 4
# One that held very many files stays slow.
MOST_BYTES = 64 * 1024


class Folders:
    """The working folders that are kept by this worker process. Its methods may be called by any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # The newest last.
        self._kept: OrderedDict[str, Shape] = OrderedDict()

    def make(self, root: str, shape: Shape) -> None:
        """Make the folder `root` with these folders in it, all of them empty. Raises OSError."""
        beside = os.path.dirname(root)
        with self._lock:
            kept = next((path for path in reversed(self._kept) if self._kept[path] == shape), None)
            if kept is not None:
                del self._kept[kept]
        if kept is not None and os.path.dirname(kept) == beside:
            try:
                os.rename(kept, root)
                return
            except FileNotFoundError:
                pass  # somebody else tidied up
        try:
            os.mkdir(root)
        except FileNotFoundError:
            os.makedirs(root)
        for path in shape:
            os.mkdir(f"{root}/{path}")

    def take_back(self, root: str, shape: Shape) -> None:
        """Empty a folder that was made here and keep it; remove it where that cannot be."""
        kept = f"{os.path.dirname(root)}/kept-{uuid.uuid4().hex}"
        try:
            if not _emptied(root, shape):
                raise OSError(f"{root} is not as it was made")
            os.rename(root, kept)
        except OSError:
            shutil.rmtree(root, ignore_errors=True)
            return
        with self._lock:
            self._kept[kept] = shape
            over = [self._kept.popitem(last=False)[0] for _ in range(len(self._kept) - KEPT_A_SLOT * identity.slots)]
        for path in over:
            shutil.rmtree(path, ignore_errors=True)


def _emptied(root: str, shape: Collection[str]) -> bool:
    """Take everything out of a folder but the folders of its shape; False where one of these was changed.

    Raises OSError.
    """
    own = os.lstat(os.path.dirname(root))
    for folder in ("", *shape):
        path = f"{root}/{folder}" if folder else root
        try:
            found = os.lstat(path)
        except FileNotFoundError:  # an output that is a folder was moved to the store
            os.mkdir(path)
            continue
        if not stat.S_ISDIR(found.st_mode) or found.st_size > MOST_BYTES:
            return False
        if (found.st_mode, found.st_uid, found.st_gid) != (own.st_mode, own.st_uid, own.st_gid):
            return False
        if hasattr(os, "listxattr") and os.listxattr(path, follow_symlinks=False):
            return False
        with os.scandir(path) as entries:
            for entry in entries:
                if (f"{folder}/{entry.name}" if folder else entry.name) in shape:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path)
                else:
                    os.unlink(entry.path)
    return True


folders = Folders()
