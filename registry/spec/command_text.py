"""A component's command as text: its optional sections, and its words where it is one plain call.

Source of the rules: Azure ML (`shared/azureml.md` 2.2), which puts values into the command verbatim and gives the text
to bash. Where the command is one plain call, it can be split into words *before* the values are put in.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from registry.spec.component import OPTIONAL_SECTION
from registry.spec.values import BINDING

# Outside of quotes these mean something to a shell; within double quotes only the second set does.
_SHELL = set("|&;<>()$`*?[]{}~!#\n\\")
_IN_QUOTES = set("$`\\")
UNSAFE = re.compile(r"[\s'\"|&;<>()$`*?\[\]{}~!#\\]")
# Words that only a shell knows, or that mean more to a shell than the program of that name.
SHELL_WORDS = frozenset(
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
class Piece:
    """A part of a word: text, or the expression of a placeholder, within quotes or not."""

    text: str
    placeholder: bool = False
    quoted: bool = False


def plain(template: str, is_set: Callable[[str], bool]) -> str:
    """The command on one line, with `$[[...]]` resolved by which expressions (`inputs.x`) have a value.

    A section falls away with all of its text when an input named in it is unset; otherwise only its brackets do.
    """

    def section(match: re.Match[str]) -> str:
        return match[1] if all(is_set(name) for name in BINDING.findall(match[1])) else ""

    return OPTIONAL_SECTION.sub(section, template).replace("\\\n", " ").strip()


def is_program(word: str) -> bool:
    """Whether the first word of a plain call names a program rather than something that only a shell knows."""
    return bool(word) and word not in SHELL_WORDS and "=" not in word


def words_of(template: str) -> list[list[Piece]] | None:
    """The words of a plain call, or None where the template needs a shell."""
    words: list[list[Piece]] = []
    word: list[Piece] | None = None
    quote = ""
    position = 0
    while position < len(template):
        found = BINDING.match(template, position)
        if found:
            word = word or []
            word.append(Piece(found[1], placeholder=True, quoted=bool(quote)))
            position = found.end()
            continue
        character = template[position]
        position += 1
        if quote:
            if character == quote:
                quote = ""
            elif quote == '"' and character in _IN_QUOTES:
                return None
            else:
                assert word is not None
                word.append(Piece(character, quoted=True))
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
            word.append(Piece(character))
    if quote:
        return None
    if word is not None:
        words.append(word)
    return words
