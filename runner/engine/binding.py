"""From a component's command to what is executed, by Azure ML's rules (`shared/azureml.md` 2.2).

Azure puts values into the command verbatim and gives the text to bash; quoting is the author's. Where the command is
one plain call, it is split into words *before* the values are put in, so that a value is safe within the quotes
that its author wrote, whatever it holds. Everything else goes to bash, exactly as Azure does it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.spec.command_text import UNSAFE, Piece, is_program, plain, words_of
from registry.spec.values import BINDING


@dataclass(frozen=True)
class Command:
    """What to execute: words for the operating system, or text for bash. `shown` is what people read."""

    argv: tuple[str, ...]
    shell: bool
    shown: str


def bind(template: str, values: Mapping[str, str | None], paths: frozenset[str] = frozenset()) -> Command:
    """Put values into a command. `values` is keyed by expression (`inputs.x`, `outputs.y`); None or absent is unset.

    `paths` names the expressions whose values are places that Portline chose; they are never split into words.
    """
    template = plain(template, lambda name: values.get(name) is not None)
    shown = BINDING.sub(lambda match: values.get(match[1]) or "", template)
    words = words_of(template)
    argv = _argv(words, values, paths) if words else None
    if argv is None:
        return Command(("bash", "-c", shown), True, shown)
    return Command(tuple(argv), False, shown)


def _argv(words: list[list[Piece]], values: Mapping[str, str | None], paths: frozenset[str]) -> list[str] | None:
    argv = []
    for word in words:
        text = ""
        for piece in word:
            if not piece.placeholder:
                text += piece.text
                continue
            value = values.get(piece.text) or ""
            if not piece.quoted and piece.text not in paths and (not value or UNSAFE.search(value)):
                return None
            text += value
        argv.append(text)
    return argv if is_program(argv[0]) else None
