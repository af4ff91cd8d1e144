"""Data that a file names: what it becomes here, and the nodes that stand for it."""

import re

from designer.graph.azure.around import Asset
from designer.graph.azure.context import Context
from designer.graph.azure.references import Address, Beside, Named, reference
from designer.graph.azure.restoring import data_hints
from registry.spec.document import Path
from registry.spec.types import DATA_TYPES


def asset_of(c: Context, place: Path, path: str, type_: str | None) -> Asset | None:
    """The asset at a path, address or name; None where it is not to be had, which was told then.

    What it really is wins over the type that the file says, as in Azure ML; the author is warned.
    """
    type_ = data_type(c, (*place, "type"), type_)
    found = reference(path)
    try:
        match found:
            case Named():
                asset = _named(c, found)
                if asset is None:
                    which = f"{found.name}:{found.version}" if found.version else found.name
                    c.warn(place, f"there is no data asset `{which}` here: register it, or choose other data")
                    return None
            case Beside():
                asset = c.around.data(found.path, type_)
            case Address():
                asset = c.around.address(found.uri, type_)
    except ValueError as error:
        c.failed(place, error)
        return None
    if type_ not in (None, asset.type):
        c.warn(place, f"`{path}` is of type {asset.type}, not {type_}: what it is counts")
    return asset


def data_type(c: Context, place: Path, type_: str | None) -> str | None:
    """A type of data as it is called here; what is none is a fault."""
    if type_ == "path":
        return "uri_folder"
    if type_ is not None and type_ not in DATA_TYPES:
        c.fault(place, f"`{type_}` is no type of data; the types are {', '.join(DATA_TYPES)}")
        return None
    return type_


def data_node(c: Context, place: Path, asset: Asset, input: str) -> str | None:
    """The node that stands for an asset: one, however many inputs take it, but for those that were several here."""
    if (hinted := data_hints(c, asset, input)) is not None:
        id, looks = hinted
        node = {"id": id, "kind": "data", "asset": asset.ref, "title": id, **looks}
        c.placed |= {id} if "x" in looks else set()
        return id if id in c.document["nodes"] or c.apply(place, {"op": "add_node", "node": node}) else None
    for id, node in c.document["nodes"].items():
        if node["kind"] == "data" and node["asset"] == asset.ref:
            return id
    name = asset.ref.rpartition(":")[0]
    id = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_") or "data"
    id = f"data_{id}" if id[0].isdigit() or id in c.jobs else id
    base, number = id[:240], 2
    while id in c.jobs or id in c.document["nodes"]:
        id, number = f"{base}_{number}", number + 1
    node = {"id": id, "kind": "data", "asset": asset.ref, "title": name[:200]}
    return id if c.apply(place, {"op": "add_node", "node": node}) else None


def _named(c: Context, named: Named) -> Asset | None:
    if named.version and (type_ := c.catalog.asset_type(ref := f"{named.name}:{named.version}")):
        return Asset(ref, type_)
    return c.around.data_named(named.name, named.version)
