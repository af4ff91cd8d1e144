"""From a component's command to what is executed, by Azure ML's rules (`shared/azureml.md` 2.2).

Azure puts values into the command verbatim and gives the text to bash; quoting is the author's. Where the command is
one plain call, it is split into words *before* the values are put in, so that a value is safe within the quotes
that its author wrote, whatever it holds. Everything else goes to bash, exactly as Azure does it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from registry.spec.component import OPTIONAL_SECTION
from registry.spec.values import BINDING

# Outside of quotes these mean something to a shell; within double quotes only the second set does.
_SHELL = set("|&;<>()$`*?[]{}~!#\n\\")
_SHELL_IN_QUOTES = set("$`\\")
_UNSAFE = re.compile(r"[\s'\"|&;<>()$`*?\[\]{}~!#\\]")
# Words that only a shell knows, or that mean more to a shell than the program of that name.
_SHELL_WORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "elif",
        "fi",
        "for",
        "while",
        "until",
        "do",
        "done",
        "case",
        "esac",
        "function",
        "select",
        "time",
        "in",
        ".",
        ":",
        "source",
        "cd",
        "export",
        "set",
        "unset",
        "exit",
        "exec",
        "eval",
        "alias",
        "ulimit",
        "umask",
        "trap",
        "wait",
        "shift",
        "return",
        "local",
        "declare",
        "readonly",
        "read",
        "type",
        "command",
        "builtin",
        "hash",
        "pushd",
        "popd",
        "let",
    ]
)


@dataclass(frozen=True)
class Command:
    """What to execute: words for the operating system, or text for bash. `shown` is what people read."""

    argv: tuple[str, ...]
    shell: bool
    shown: str


@dataclass(frozen=True)
class _Piece:
    text: str
    placeholder: bool = False
    quoted: bool = False


def bind(template: str, values: Mapping[str, str | None], paths: frozenset[str] = frozenset()) -> Command:
    """Put values into a command. `values` is keyed by expression (`inputs.x`, `outputs.y`); None or absent is unset.

    `paths` names the expressions whose values are places that Portline chose; they are never split into words.
    """
    template = _without_unset_sections(template, values).replace("\\\n", " ").strip()
    shown = BINDING.sub(lambda match: values.get(match[1]) or "", template)
    words = _words(template)
    argv = _argv(words, values, paths) if words else None
    if argv is None:
        return Command(("bash", "-c", shown), True, shown)
    return Command(tuple(argv), False, shown)


def _without_unset_sections(template: str, values: Mapping[str, str | None]) -> str:
    """`$[[...]]` falls away with all of its text when an input named in it is unset; otherwise only its brackets do."""

    def section(match: re.Match[str]) -> str:
        named = BINDING.findall(match[1])
        return "" if any(values.get(name) is None for name in named) else match[1]

    return OPTIONAL_SECTION.sub(section, template)


def _words(template: str) -> list[list[_Piece]] | None:
    """The words of a plain call, or None where the template needs a shell."""
    words: list[list[_Piece]] = []
    word: list[_Piece] | None = None
    quote = ""
    position = 0
    while position < len(template):
        found = BINDING.match(template, position)
        if found:
            word = word or []
            word.append(_Piece(found[1], placeholder=True, quoted=bool(quote)))
            position = found.end()
            continue
        character = template[position]
        position += 1
        if quote:
            if character == quote:
                quote = ""
            elif quote == '"' and character in _SHELL_IN_QUOTES:
                return None
            else:
                assert word is not None
                word.append(_Piece(character, quoted=True))
        elif character in "'\"":
            quote = character
            word = [] if word is None else word
        elif character in " \t":
            if word is not None:
                words.append(word)
            word = None
        elif character in _SHELL:
            return None
        else:
            word = [] if word is None else word
            word.append(_Piece(character))
    if quote:
        return None
    if word is not None:
        words.append(word)
    return words


def _argv(words: list[list[_Piece]], values: Mapping[str, str | None], paths: frozenset[str]) -> list[str] | None:
    argv = []
    for word in words:
        text = ""
        for piece in word:
            if not piece.placeholder:
                text += piece.text
                continue
            value = values.get(piece.text) or ""
            if not piece.quoted and piece.text not in paths and (not value or _UNSAFE.search(value)):
                return None
            text += value
        argv.append(text)
    if argv[0] in _SHELL_WORDS or "=" in argv[0] or not argv[0]:
        return None
    return argv
