"""Component versions as workers need them. They never change, so each is read and its spec parsed but once."""

from functools import lru_cache

from registry.models import ComponentVersion, Workspace
from registry.spec.component import ComponentSpec


@lru_cache(maxsize=1024)
def version_of(pk: int | None) -> ComponentVersion:
    """A component version with its code; a branch has none, and nobody asks for its."""
    assert pk is not None
    return ComponentVersion.objects.select_related("code", "component").defer("interface", "yaml").get(pk=pk)


@lru_cache(maxsize=1024)
def spec_of(pk: int | None) -> ComponentSpec:
    """The spec of a component version."""
    return version_of(pk).spec


def code_of(pk: int | None) -> str:
    """The digest of a component version's code; empty where it has none."""
    code = version_of(pk).code
    return code.digest if code else ""


@lru_cache(maxsize=1024)
def workspace_slug(pk: int) -> str:
    """A workspace's name in addresses, which does not change."""
    return Workspace.objects.values_list("slug", flat=True).get(pk=pk)
