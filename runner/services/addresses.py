"""Data at an address: what leads to it, by the setting DATASTORES, and what is refused.

`https:` addresses are fetched as they are, from the public web alone. `azureml://datastores/<name>/paths/<path>` needs
an entry for the datastore: `{"workspaceblobstore": "/mnt/data"}` or an address that fsspec reads. Any other address
needs an entry for how it begins, `{"s3://bucket/": "s3://bucket/"}`, since it is read with the server's own rights.
"""

import posixpath
import re
from urllib.parse import urlsplit

from django.conf import settings

_DATASTORE = re.compile(r"^azureml://(?:.*/)?datastores/(?P<name>[^/]+)/paths/(?P<path>.*)$")


class Unreachable(ValueError):
    """There is no way to an address; the message says how to make one."""


def target_of(uri: str, type_: str) -> str:
    """The path or address that is read for an address. Raises Unreachable."""
    if found := _DATASTORE.match(uri):
        base = settings.DATASTORES.get(found["name"])
        if base is None:
            raise Unreachable(
                f"`{uri}` lies in the datastore `{found['name']}`, and nothing says where that is: map it in the "
                f'setting DATASTORES, as in {{"{found["name"]}": "/mnt/data"}}.'
            )
        return _below(str(base), found["path"], uri)
    for start, base in settings.DATASTORES.items():
        if "://" in start and uri.startswith(start):
            return _below(str(base), uri.removeprefix(start), uri)
    if urlsplit(uri).scheme in ("https", "http"):
        if type_ != "uri_file":
            raise Unreachable(f"`{uri}` is on the web, where only files can be fetched, and it is to be a folder.")
        return uri
    root = "/".join(uri.split("/")[:3])
    raise Unreachable(
        f"`{uri}` cannot be read from here: map how it begins in the setting DATASTORES, as in "
        f'{{"{root}/": "/mnt/data"}}, to a folder or to an address that fsspec reads.'
    )


def name_of(uri: str) -> str:
    """What a file at an address is called."""
    return posixpath.basename(urlsplit(uri).path.rstrip("/")) or "data"


def _below(base: str, path: str, uri: str) -> str:
    if ".." in path.split("/"):
        raise Unreachable(f"`{uri}` leads out of its datastore.")
    return f"{base.rstrip('/')}/{path.lstrip('/')}".rstrip("/")
