"""What lists, searches and the palette read."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from registry.categories import in_order, rank
from registry.models import Component, ComponentFacet, ComponentVersion, DataAsset, Environment, Workspace
from registry.spec.types import LABELS, LITERAL_TYPES

Kind = ComponentFacet.Kind


@dataclass(frozen=True)
class Search:
    """What is looked for; empty fields do not restrict."""

    text: str = ""
    category: str = ""
    takes: str = ""
    gives: str = ""
    tag: str = ""
    archived: bool = False


@dataclass(frozen=True)
class Choice:
    """One value of a facet and how many components it would leave."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facets:
    categories: list[Choice] = field(default_factory=list)
    takes: list[Choice] = field(default_factory=list)
    gives: list[Choice] = field(default_factory=list)
    tags: list[Choice] = field(default_factory=list)


def components(workspace: Workspace, search: Search | None = None, without: str = "") -> QuerySet[Component]:
    """The components of a search, by category and title. `without` leaves one field of the search out."""
    search = search or Search()
    found = Component.objects.filter(
        workspace=workspace, latest__isnull=False, archived_at__isnull=not search.archived, anonymous=False
    )
    for word in search.text.lower().split()[:12]:
        found = found.filter(search_text__contains=word)
    if search.category and without != "category":
        found = found.filter(category=search.category)
    for kind, value, name in (
        (Kind.INPUT, search.takes, "takes"),
        (Kind.OUTPUT, search.gives, "gives"),
        (Kind.TAG, search.tag, "tag"),
    ):
        if value and without != name:
            found = found.filter(facets__kind=kind, facets__value=value)
    return found.order_by(in_order(), "category", "title", "name")


def facets(workspace: Workspace, search: Search) -> Facets:
    """For each facet the values and counts that the rest of the search leaves: four queries."""

    def counted(kind: str, field_name: str, chosen: str) -> list[Choice]:
        rows = (
            ComponentFacet.objects.filter(
                kind=kind, component__in=components(workspace, search, without=field_name).order_by().values("pk")
            )
            .values_list("value")
            .annotate(count=Count("pk"))
            .order_by("-count", "value")
        )
        return _choices(dict(rows), chosen)

    named = components(workspace, search, without="category").order_by().values_list("category", flat=True)
    categories = dict(sorted(Counter(named).items(), key=lambda pair: rank(pair[0])))
    return Facets(
        categories=_choices(categories, search.category),
        takes=counted(Kind.INPUT, "takes", search.takes),
        gives=[c for c in counted(Kind.OUTPUT, "gives", search.gives) if c.value not in LITERAL_TYPES],
        tags=counted(Kind.TAG, "tag", search.tag),
    )


def catalog(workspace: Workspace) -> list[dict[str, Any]]:
    """The interface of each component's latest version: one query."""
    return list(
        ComponentVersion.objects.filter(
            pk__in=Component.objects.filter(workspace=workspace, archived_at=None, anonymous=False).values("latest_id")
        )
        .order_by("component__category", "component__title", "component__name")
        .values_list("interface", flat=True)
    )


def catalog_mark(workspace: Workspace) -> str:
    """Changes whenever the catalog does: one cheap query."""
    found = Component.objects.filter(workspace=workspace, anonymous=False).aggregate(
        count=Count("pk"), shown=Count("pk", filter=Q(archived_at=None)), changed=Max("updated_at")
    )
    changed = found["changed"].isoformat() if found["changed"] else ""
    return f"{workspace.pk}-{found['count']}-{found['shown']}-{changed}"


def data_assets(workspace: Workspace, archived: bool | None = False) -> QuerySet[DataAsset]:
    """Newest first, with who uploaded each: those that are archived, those that are not, or (None) all.

    What lies in pipelines' own files is none of them.
    """
    found = DataAsset.objects.filter(workspace=workspace, anonymous=False).select_related("created_by")
    return found if archived is None else found.filter(archived_at__isnull=not archived)


def environment_names(workspace: Workspace, text: str = "", archived: bool = False) -> QuerySet[Environment, str]:
    """The names of environments that have a version which is archived, or one which is not, in order."""
    found = Environment.objects.filter(workspace=workspace, archived_at__isnull=not archived)
    for word in text.split()[:12]:
        found = found.filter(name__icontains=word)
    return found.order_by("name").values_list("name", flat=True).distinct()


def _choices(counts: dict[str, int], chosen: str) -> list[Choice]:
    if chosen and chosen not in counts:
        counts[chosen] = 0
    return [Choice(value, LABELS.get(value, value), count, value == chosen) for value, count in counts.items()]
