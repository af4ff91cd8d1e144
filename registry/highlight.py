"""Source code as highlighted HTML. Colours are in `static/src/styles/code.css`, by tokens."""

from django.utils.safestring import SafeString, mark_safe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

LIMIT = 200_000


def highlighted(text: str, name: str) -> SafeString:
    """The text with line numbers, coloured by the language of its file name; all of it escaped by Pygments."""
    try:
        lexer = get_lexer_for_filename(name, text[:2000], stripnl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False)
    formatter = HtmlFormatter(cssclass="code", linenos="inline", wrapcode=True)
    # Long lines are scrolled to, by keyboard too.
    return mark_safe(highlight(text, lexer, formatter).replace("<pre>", '<pre tabindex="0">', 1))


def shown_text(content: bytes) -> str | None:
    """The content as text, or None where it is none."""
    if b"\0" in content[:8000]:
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        return content[: error.start].decode("utf-8") if error.start > len(content) - 4 else None
