"""What templates need of their own: icons, glyphs, times and cleaned Markdown."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import nh3
from django import template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from registry.categories import hue
from registry.glyphs import GLYPHS, LOOKS, PORT_GLYPHS, SEGMENTS, look_of
from registry.spec.faults import Fault
from registry.spec.sizes import shown_size
from registry.spec.types import LABELS

register = template.Library()
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table").enable("strikethrough")


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """A lucide icon of the sprite; decoration unless it has a label."""
    if label:
        return format_html(
            '<svg class="icon" width="{0}" height="{0}" role="img" aria-label="{1}"><use href="{2}#{3}"/></svg>',
            size, label, static("icons.svg"), name,
        )  # fmt: skip
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true"><use href="{1}#{2}"/></svg>',
        size, static("icons.svg"), name,
    )  # fmt: skip


@register.simple_tag
def status_glyph(status: str, word: bool = True) -> SafeString:
    """A run's or step's state: shape, colour and word together; the shapes of `static/src/run/StatusGlyph.tsx`."""
    shape, tone, text = look_of(status)
    hidden = mark_safe('aria-hidden="true"') if word else format_html('role="img" aria-label="{}"', text)
    return format_html(
        '<span class="status-glyph" data-status="{}"><svg width="16" height="16" viewBox="0 0 16 16" '
        'class="tone-{}" {}>{}</svg>{}</span>',
        status,
        tone,
        hidden,
        mark_safe(GLYPHS[shape]),
        format_html('<span class="status-glyph-word">{}</span>', text) if word else "",
    )


@register.filter
def category_hue(category: str) -> str:
    """The colour of a component's tile, as in the palette."""
    return hue(category)


@register.simple_tag
def all_statuses() -> list[str]:
    return list(LOOKS)


@register.filter
def status_word(status: str) -> str:
    """`CancelRequested` as people read it: Canceling."""
    return look_of(status)[2]


@register.simple_tag
def port_glyph(type_: str, word: bool = True) -> SafeString:
    """A port type: its shape in its hue, and its word."""
    family, shape = PORT_GLYPHS.get(type_, PORT_GLYPHS["string"])
    label = LABELS.get(type_, type_)
    return format_html(
        '<span class="port-glyph" title="{}"><svg width="12" height="12" viewBox="-7 -7 14 14" class="port-{}" '
        'aria-hidden="true">{}</svg>{}</span>',
        type_,
        family,
        mark_safe(shape),
        format_html("<span>{}</span>", label) if word else "",
    )


@register.simple_tag
def segments(counts: Mapping[str, int] | None) -> SafeString:
    """A run's steps by state as a bar of segments, and the same in words for those who do not see it."""
    counts = counts or {}
    total = sum(counts.values())
    grouped = [(tone, sum(counts.get(status, 0) for status in statuses), word) for tone, word, statuses in SEGMENTS]
    words = ", ".join(f"{count} {word}" for _, count, word in grouped if count) or "no steps"
    done = sum(counts.get(status, 0) for status in ("Completed", "Skipped"))
    bars = format_html_join(
        "", '<i class="tone-{}" style="flex-grow:{}"></i>', ((tone, count) for tone, count, _ in grouped if count)
    )
    return format_html(
        '<span class="segments" role="img" aria-label="{}" title="{}"><span class="segments-bar">{}</span>'
        '<span class="segments-text">{} / {}</span></span>',
        words, words, bars, done, total,
    )  # fmt: skip


@register.simple_tag
def time_ago(moment: datetime | None) -> SafeString:
    """`3 minutes ago`, exact on hover; the browser keeps it current."""
    if moment is None:
        return SafeString("–")
    return format_html(
        '<time datetime="{}" title="{} UTC" data-relative>{}</time>',
        moment.isoformat(),
        moment.strftime("%Y-%m-%d %H:%M:%S"),
        ago(timezone.now() - moment, moment),
    )


@register.simple_tag
def local_time(moment: datetime | None) -> SafeString:
    """A moment to the minute; the browser writes it in the zone of whoever looks."""
    if moment is None:
        return SafeString("–")
    shown = moment.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{} UTC" data-local>{} UTC</time>',
        shown.isoformat(),
        shown.strftime("%Y-%m-%d %H:%M:%S"),
        shown.strftime("%a, %d %b %Y, %H:%M"),
    )


@register.simple_tag
def duration(started: datetime | None, ended: datetime | None = None) -> SafeString:
    """How long it took; without an end the browser lets it tick."""
    if started is None:
        return SafeString("–")
    ticking = format_html(' data-ticking="{}"', started.isoformat()) if ended is None else ""
    return format_html('<span class="tabular"{}>{}</span>', ticking, spoken((ended or timezone.now()) - started))


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as clean HTML: no raw HTML, no scripts, no pictures from elsewhere, links that open safely."""
    html = nh3.clean(
        _markdown.render(text or ""),
        tags={
            "p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a",
            "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
        },
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )  # fmt: skip
    return mark_safe(html)


@register.filter
def size(count: int | None) -> str:
    """Bytes as people read them: `640 B`, `1.2 KB`, `34 MB`."""
    return "–" if count is None else shown_size(count)


@register.filter
def seconds(length: float | None) -> str:
    """A number of seconds as `duration` says it."""
    return "–" if length is None else spoken(timedelta(seconds=length))


@register.filter
def first_line(text: str) -> str:
    """The first paragraph of a description as one line, without Markdown's signs."""
    paragraph = (text or "").strip().partition("\n\n")[0]
    return " ".join(paragraph.split()).lstrip("#> ").replace("`", "").replace("*", "")


@register.simple_tag(takes_context=True)
def nav_link(context: dict[str, Any], name: str, text: str, icon_name: str) -> SafeString:
    """An entry of the main navigation, marked as current on its pages; nothing where the address does not exist."""
    workspace, request = context.get("nav_workspace"), context.get("request")
    if not workspace or request is None:
        return SafeString("")
    try:
        address = reverse(name, kwargs={"workspace": workspace.slug})
    except NoReverseMatch:
        return SafeString("")
    here = request.path.startswith(address)
    current = mark_safe(' aria-current="page"') if here else ""
    return format_html(
        '<li><a class="nav-link" href="{}"{}>{}<span>{}</span></a></li>', address, current, icon(icon_name), text
    )


@register.simple_tag(takes_context=True)
def url_if_any(context: dict[str, Any], view: str, **arguments: Any) -> str:
    """An address, or nothing where no page has that name."""
    if context.get("workspace") is not None:
        arguments.setdefault("workspace", context["workspace"].slug)
    try:
        return reverse(view, kwargs=arguments)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The address's query with some fields changed; an empty value takes a field out. Pages begin again."""
    asked = context["request"].GET.copy()
    asked.pop("page", None)
    for name, value in changes.items():
        asked.pop(name, None)
        if value not in ("", None):
            asked[name] = value
    return "?" + asked.urlencode()


@register.simple_tag(takes_context=True)
def query_field(context: dict[str, Any], name: str, value: str) -> str:
    """`query` for a field whose name is a variable."""
    return query(context, **{name: value})


@register.filter
def caret(fault: Fault, line: str) -> str:
    """`^` below the column of a fault; tabs stay tabs so that it stands in the right place."""
    before = line[: fault.column - 1]
    return "".join("\t" if sign == "\t" else " " for sign in before) + "^"


def ago(passed: timedelta, moment: datetime) -> str:
    """How long ago in one word and a number; beyond a month the date."""
    seconds = int(passed.total_seconds())
    if seconds < 45:
        return "just now"
    for size, limit, word in ((60, 60, "minute"), (3600, 24, "hour"), (86400, 30, "day")):
        count = max(1, round(seconds / size))
        if count < limit:
            return f"{count} {word}{'' if count == 1 else 's'} ago"
    return moment.strftime("%-d %b %Y")


def spoken(length: timedelta) -> str:
    """`240 ms`, `4.2 s`, `3m 07s`, `2h 05m`, `3d 04h`: as `static/src/run/duration.ts` says it."""
    seconds = max(0.0, length.total_seconds())
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return f"{minutes}m {rest:02d}s"
    days, hours = divmod(hours, 24)
    return f"{days}d {hours:02d}h" if days else f"{hours}h {minutes:02d}m"
