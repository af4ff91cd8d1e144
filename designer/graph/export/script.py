"""The bash script that runs one step anywhere: its working folder, its values, and its command as Portline binds it.

Each port is a shell variable, `in_NAME` or `out_NAME`. Where the command is one plain call its words are written with
the variables in quotes, so that a value is safe whatever it holds; otherwise the text is put together when the script
runs and given to bash, as `runner.engine.binding` does it.
"""

import base64
import gzip
import io
import re
import shlex
import tarfile
from collections.abc import Callable, Mapping, Sequence

from designer.graph.export.flat import Constant, Environment, Given, Source, Step, Text, shell_name
from registry.spec.command_text import UNSAFE, Piece, is_program, plain, words_of
from registry.spec.types import is_data
from registry.spec.values import BINDING, text

CODE_LIMIT = 90_000
"""Characters of code in a script: Linux takes no argument or variable above 128 KB, and both engines pass it as one."""
_UNSAFE_CHARACTERS = "[][[:space:]'\"|&;<>()$`*?{}~!#\\]"
"""`UNSAFE` as bash matches it."""


def quote(value: str) -> str:
    """A text as a word of bash. Two opening braces never stand side by side: engines would fill them in."""
    return re.sub(r"\{(?=\{)", "{''", shlex.quote(value))


def script(
    step: Step,
    type_of: Callable[[Source], str],
    *,
    work: str,
    code: Sequence[str],
    data: Mapping[str, str],
    outputs: Mapping[str, str],
    setup: Sequence[str] = (),
) -> str:
    """The whole script.

    The variables of `step.sources` must be set already; `work`, and the places of `data` inputs and of `outputs`, are
    words of bash. `code` are lines that put its files into the working folder, `setup` what must be there before.
    """
    lines = ["set -e", f"work={work}", 'mkdir -p "$work"', *code, 'cd "$work"', "mkdir -p outputs logs", *setup]
    lines += [_as_python_prints(source.variable) for source in step.sources if type_of(source) == "boolean"]
    for name, given in step.literals.items():
        lines.append(f"in_{shell_name(name)}={_value(given)}")
    for name in step.data:
        lines.append(f"in_{shell_name(name)}={data[name]}")
        lines += _exported("INPUT", name, f"in_{shell_name(name)}")
    for name, port in step.spec.outputs.items():
        variable = f"out_{shell_name(name)}"
        folder = is_data(port.type) and port.type != "uri_file"
        lines.append(f"{variable}={outputs[name]}")
        lines.append(f'mkdir -p "${variable}"' if folder else f'mkdir -p "$(dirname "${variable}")"')
        lines += _exported("OUTPUT", name, variable)
    lines += [f"export {name}={_value(given)}" for name, given in step.settings.variables.items()]
    lines += _command(step)
    for name, port in step.spec.outputs.items():
        lines += _ending(name, port.type)
    return "\n".join(lines) + "\n"


def code_lines(files: Mapping[str, bytes]) -> list[str]:
    """Lines that unpack files into the working folder. Raises ValueError where they are too many for a script."""
    if not files:
        return []
    packed = base64.b64encode(archive(files)).decode()
    if len(packed) > CODE_LIMIT:
        raise ValueError(f"its code takes {len(packed):,} characters when packed, and at most {CODE_LIMIT:,} fit")
    wrapped = [packed[start : start + 120] for start in range(0, len(packed), 120)]
    return ['base64 -d << END | tar -xzf - -C "$work"', *wrapped, "END"]


def archive(files: Mapping[str, bytes]) -> bytes:
    """Files as tar.gz, the same bytes for the same files."""
    out = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in sorted(files):
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(files[path]), 0o755
            tar.addfile(entry, io.BytesIO(files[path]))
    return out.getvalue()


def install_lines(environment: Environment) -> list[str]:
    """Lines that install an environment's packages with the pip that is there; none for an image that has its own."""
    if environment.image or not environment.packages:
        return []
    wanted = " ".join(map(quote, (*environment.options, *environment.packages)))
    return [f"python -m pip install --quiet --disable-pip-version-check -r <(printf '%s\\n' {wanted})"]


def image_of(environment: Environment) -> str:
    """The container image: the environment's own, or Python's for the version that it asks for."""
    if environment.image:
        return environment.image
    version = re.search(r"\d+\.\d+", environment.python)
    return f"python:{version[0] if version else '3.12'}-slim"


def _exported(side: str, name: str, variable: str) -> list[str]:
    """What Azure ML tells a script of its ports, where bash can say the name."""
    return [f'export AZURE_ML_{side}_{name}="${variable}"'] if name.isidentifier() else []


def _as_python_prints(variable: str) -> str:
    return f'case "${variable}" in [Tt]rue|1) {variable}=True ;; *) {variable}=False ;; esac'


def _value(given: Given) -> str:
    match given:
        case Constant(value):
            return quote(text(value))
        case Text(parts):
            return "".join(quote(part) if isinstance(part, str) else f'"${part.variable}"' for part in parts)
    return f'"${given.variable}"'


def _variable(expression: str) -> str:
    side, _, name = expression.partition(".")
    return f"{'in' if side == 'inputs' else 'out'}_{shell_name(name)}"


def _command(step: Step) -> list[str]:
    known = {f"inputs.{name}" for name in step.inputs} | {f"outputs.{name}" for name in step.spec.outputs}
    template = plain(step.spec.command, known.__contains__)
    whole = _joined(template, known)
    words = words_of(template)
    bare = _bare_literals(step, words or [])
    doubtful = [name for name in bare if not isinstance(step.literals[name], Constant)]
    unsafe = any(_is_unsafe(given) for name, given in step.literals.items() if name in bare)
    if not words or unsafe or not is_program("".join(piece.text for piece in words[0] if not piece.placeholder)):
        return [f"bash -c {whole}"]
    call = " ".join(_word(word, known) for word in words)
    if not doubtful:
        return [call]
    tests = [f"-z $in_{shell_name(name)} || $in_{shell_name(name)} =~ $unsafe" for name in doubtful]
    return [
        f"unsafe={quote(_UNSAFE_CHARACTERS)}",
        f"if [[ {' || '.join(tests)} ]]; then",
        f"  bash -c {whole}",
        "else",
        f"  {call}",
        "fi",
    ]


def _is_unsafe(given: Given) -> bool:
    return isinstance(given, Constant) and (not text(given.value) or bool(UNSAFE.search(text(given.value))))


def _bare_literals(step: Step, words: Sequence[Sequence[Piece]]) -> list[str]:
    """The literal inputs that stand outside of quotes."""
    bare = {piece.text.partition(".")[2] for word in words for piece in word if piece.placeholder and not piece.quoted}
    return [name for name in step.literals if name in bare]


def _joined(template: str, known: set[str]) -> str:
    """The command's text, put together from variables, as one word."""
    found, end = "", 0
    for match in BINDING.finditer(template):
        found += quote(template[end : match.start()]) if match.start() > end else ""
        found += f'"${{{_variable(match[1])}}}"' if match[1] in known else ""
        end = match.end()
    return found + (quote(template[end:]) if end < len(template) else "")


def _word(word: Sequence[Piece], known: set[str]) -> str:
    found, literal = "", ""
    for piece in word:
        if piece.placeholder:
            found += (quote(literal) if literal else "") + (
                f'"${_variable(piece.text)}"' if piece.text in known else ""
            )
            literal = ""
        else:
            literal += piece.text
    return found + (quote(literal) if literal or not found else "")


def _ending(name: str, type_: str) -> list[str]:
    """Lines that check an output, and give a value as one plain text."""
    variable = f"out_{shell_name(name)}"
    nothing = quote(f"The step ended well but wrote nothing to its output `{name}`.")
    lines = []
    if not is_data(type_):
        inside = f'mv "${variable}" "${variable}.d"; mv "${variable}.d/output" "${variable}"'
        lines.append(f'if [ -d "${variable}" ]; then {inside}; fi')
    lines.append(f'[ -n "$(ls -A "${variable}" 2>/dev/null)" ] || {{ echo {nothing} >&2; exit 1; }}')
    if not is_data(type_) and type_ != "string":
        lines.append(f'value="$(tr -d "[:space:]" < "${variable}")"')
        lines.append(f'printf %s "$value" > "${variable}"')
    return lines
