"""A pipeline as an Airflow DAG: a Python file, and beside it a bash script for each step and the code that it runs.

Written for Airflow 2.9 and newer (https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dags.html). Data
lies in a folder of the run, so all tasks of a run must see one file system.
"""

import hashlib
import json
import re

from designer.graph.export.flat import (
    ENDED,
    WAY,
    After,
    Environment,
    Findings,
    Flat,
    FromInput,
    FromItem,
    FromStep,
    Input,
    Step,
)
from designer.graph.export.script import quote, script
from registry.spec.types import is_data
from registry.spec.values import text

SKIP = 99
"""The exit code that Airflow's BashOperator takes for “skip this task”."""
_IN_ORDER = ("succeeded", "true", "false")

_HEAD = '''"""{title}: a pipeline of Portline.

Each task runs a script of the folder beside this file. Data lies below PORTLINE_HOME (~/portline where it is not set),
which all workers must share: runs/<run>/<step>/, and environments/ for what steps need installed.
"""

import os
from datetime import timedelta
from pathlib import Path

try:
    from airflow.providers.standard.operators.bash import BashOperator
    from airflow.sdk import DAG, Param
except ImportError:  # Airflow 2
    from airflow import DAG
    from airflow.models.param import Param
    from airflow.operators.bash import BashOperator

HERE = Path(__file__).resolve().parent / {name!r}
RUN = {{
    "portline_home": os.environ.get("PORTLINE_HOME") or os.path.expanduser("~/portline"),
    "portline_run": "{{{{ run_id }}}}",
}}


def script(name):
    # The space keeps Airflow from reading the script as a template.
    return f"bash '{{HERE / 'steps' / name}}' "


'''
_START = """\
here="$(cd "$(dirname "$0")/.." && pwd)"
run="$portline_home/runs/${portline_run//[^A-Za-z0-9._+-]/_}"
"""
_FETCH = """\
fetch() {
  case "$1" in
    http://* | https://*)
      mkdir -p "$2"
      python -c 'import sys, urllib.request as r; r.urlretrieve(*sys.argv[1:])' "$1" "$2/$(basename "${1%%[?#]*}")" >&2
      printf '%s/%s' "$2" "$(basename "${1%%[?#]*}")" ;;
    *) printf %s "$1" ;;
  esac
}
"""
_STATES = """\
state_of() { cat "$run/$1/state" "$run/$1/items"/*/state 2>/dev/null | sort -u | head -n 1; }
"""
_WATCHER = """\
    watcher = BashOperator(task_id="any_failed", bash_command="exit 1", trigger_rule="one_failed")
    list(tasks.values()) >> watcher"""
_SKIP = f"""\
skip() {{ echo skipped > "$place/state"; exit {SKIP}; }}
"""


def airflow(pipeline: Flat, findings: Findings) -> dict[str, bytes]:
    """The files by path: the DAG's, and its folder. What Airflow cannot express is told to `findings`."""
    return _Dag(pipeline, findings).files()


class _Dag:
    def __init__(self, pipeline: Flat, findings: Findings) -> None:
        self.pipeline, self.findings = pipeline, findings

    def files(self) -> dict[str, bytes]:
        folder = self.pipeline.name
        found = {f"{folder}.py": self._file().encode(), f"{folder}/.airflowignore": b"code\nsteps\n"}
        for step in self.pipeline.steps:
            found[f"{folder}/steps/{step.id}.sh"] = self._script(step).encode()
            found |= {f"{folder}/code/{_digest(step)}/{path}": content for path, content in step.code.items()}
        if self.pipeline.stops_at_failure:
            self.findings.warn("Airflow runs steps that do not depend on one that failed; this pipeline stops here.")
        if any(is_data(port.type) for step in self.pipeline.steps for port in step.spec.outputs.values()):
            self.findings.warn("Steps hand on data as files, so all Airflow workers must share one file system.")
        return found

    # The DAG's file

    def _file(self) -> str:
        pipeline = self.pipeline
        lines = ["with DAG(", f"    dag_id={pipeline.name!r},"]
        if pipeline.description:
            lines.append(f"    description={pipeline.description!r},")
        lines += ["    schedule=None,", "    catchup=False,", '    tags=["portline"],']
        if pipeline.inputs:
            lines.append("    params={")
            lines += [f"        {name!r}: {_param(input_)}," for name, input_ in pipeline.inputs.items()]
            lines.append("    },")
        lines += [") as dag:", "    tasks = {}"]
        for step in pipeline.steps:
            lines += self._task(step)
        for step in pipeline.steps:
            if before := list(dict.fromkeys(after.step for after in step.after)):
                lines.append(f"    [{', '.join(f'tasks[{id!r}]' for id in before)}] >> tasks[{step.id!r}]")
        if any(_judges(step) for step in pipeline.steps):
            # A run ends as its last tasks do: this one fails it for those before them.
            lines.append(_WATCHER)
        # A docstring of whatever title: without what would end it.
        title = pipeline.title.replace("\\", "").replace('"', "'")
        return _HEAD.format(title=title, name=pipeline.name) + "\n".join(lines) + "\n"

    def _task(self, step: Step) -> list[str]:
        settings = step.settings
        arguments = [f"task_id={step.id!r}", f"bash_command=script({f'{step.id}.sh'!r})", "append_env=True"]
        arguments.append(f"doc={step.title!r}")
        if settings.retries:
            arguments.append(f"retries={settings.retries}")
            arguments.append(f"retry_delay=timedelta(seconds={settings.retry_delay:g})")
            if settings.retry_backoff != 1:
                arguments.append("retry_exponential_backoff=True")
                if settings.retry_backoff != 2:
                    self.findings.warn(f"Airflow doubles the delay between tries, and does so for “{step.title}”.")
        if settings.timeout:
            arguments.append(f"execution_timeout=timedelta(seconds={settings.timeout:g})")
        if _judges(step):
            arguments.append('trigger_rule="all_done"')
        if step.loop and step.loop.at_once:
            arguments.append(f"max_active_tis_per_dagrun={step.loop.at_once}")
        if settings.cpu or settings.memory or settings.gpus:
            self.findings.warn(f"Airflow's workers do not set aside what “{step.title}” says that it needs.")
        given = "".join(f", {name!r}: {value!r}" for name, value in self._environment(step).items())
        if not step.loop:
            arguments.append(f"env={{**RUN{given}}}")
            return [f"    tasks[{step.id!r}] = BashOperator(", *(f"        {each}," for each in arguments), "    )"]
        items = []
        for index, item in enumerate(step.loop.items):
            values = {"portline_item": str(index)} | {
                FromItem(name).variable: _literally(text(value)) for name, value in item.items()
            }
            items.append("{**RUN" + given + "".join(f", {name!r}: {value!r}" for name, value in values.items()) + "}")
        return [
            f"    tasks[{step.id!r}] = BashOperator.partial(",
            *(f"        {each}," for each in arguments),
            "    ).expand(",
            "        env=[",
            *(f"            {item}," for item in items),
            "        ],",
            "    )",
        ]

    def _environment(self, step: Step) -> dict[str, str]:
        """The pipeline's inputs that a step uses: as variables, so that a value is never read as a command."""
        used = [source for source in (*step.sources, *step.data.values()) if isinstance(source, FromInput)]
        return {source.variable: "{{ params[" + repr(source.name) + "] }}" for source in used}

    # A step's script

    def _script(self, step: Step) -> str:
        place = f'"$run/{step.id}/items/$portline_item"' if step.loop else f'"$run/{step.id}"'
        lines = [_START + f"place={place}", 'rm -rf "$place"', 'mkdir -p "$place"']
        lines += [*self._gate(step), 'echo failed > "$place/state"']
        lines += [self._read(source) for source in step.sources if isinstance(source, FromStep)]
        data = {}
        for name, given in step.data.items():
            if isinstance(given, FromStep):
                data[name] = f'"$run/{given.step}/out/{given.output}"'
            else:
                data[name] = f'"$(fetch "${given.variable}" "$place/in/{name}")"'
        fetches = [_FETCH.rstrip()] if any(isinstance(given, FromInput) for given in step.data.values()) else []
        body = script(
            step,
            lambda source: self.pipeline.type_of(source, step),
            work='"$place/code"',
            code=[f'cp -R "$here/code/{_digest(step)}/." "$work"'] if step.code else [],
            data=data,
            outputs={name: f'"$place/out/{name}"' for name in step.spec.outputs},
            setup=[*self._virtualenv(step), *fetches],
        )
        return "\n".join(lines) + "\n" + body + 'echo succeeded > "$place/state"\n'

    def _gate(self, step: Step) -> list[str]:
        """Lines that skip the step where what it waits for did not end as it must."""
        lines = [line for line in (self._judged(step, after) for after in step.after) if line]
        if not lines:
            return []
        return [(_STATES if _judges(step) else "") + _SKIP + "\n".join(lines)]

    def _judged(self, step: Step, after: After) -> str:
        if after.condition in ("true", "false"):
            return f'[ "$(cat "$run/{after.step}/out/{WAY}" 2>/dev/null)" = {after.condition} ] || skip'
        if not _judges(step) or after.condition == ENDED:
            return ""
        wanted = {"completed": "failed | succeeded", "skipped": "skipped | ''"}.get(after.condition, after.condition)
        return f'case "$(state_of {after.step})" in {wanted}) ;; *) skip ;; esac'

    def _read(self, source: FromStep) -> str:
        return f'{source.variable}="$(cat "$run/{source.step}/out/{source.output}")"'

    def _virtualenv(self, step: Step) -> list[str]:
        """Lines that make the step's virtualenv, once, and put it first."""
        environment = step.environment
        if environment.image and not environment.packages:
            self.findings.lose(
                f"“{step.title}” needs the container image {environment.image}, which a task of bash does not start."
            )
        version = environment.python if environment.python.replace(".", "").isdigit() else ""
        python = "python3"
        if version:
            python = '"$(command -v python%s || echo python3)"' % ".".join(version.split(".")[:2])  # noqa: UP031
            self.findings.warn(
                f"Steps that need Python {version} take another where Airflow's worker does not have it."
            )
        lines = [
            f'venv="$portline_home/environments/{_environment_digest(environment)}"',
            'mkdir -p "$venv"',
            "(",
            "  flock 9",
            '  if [ ! -e "$venv/ready" ]; then',
            f'    {python} -m venv "$venv"',
        ]
        if environment.packages:
            wanted = " ".join(map(quote, (*environment.options, *environment.packages)))
            lines.append(f"    printf '%s\\n' {wanted} > \"$venv/requirements.txt\"")
            lines.append('    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$venv/requirements.txt"')
        return [*lines, '    touch "$venv/ready"', "  fi", ') 9> "$venv.lock"', 'export PATH="$venv/bin:$PATH"']


def _judges(step: Step) -> bool:
    """Whether a step runs though not all before it succeeded: then its script, not Airflow, finds out if it does."""
    return any(after.condition not in _IN_ORDER for after in step.after)


def _param(input_: Input) -> str:
    rules: dict[str, object] = {"type": "string" if is_data(input_.type) else input_.type}
    if input_.enum:
        rules["enum"] = list(input_.enum)
    if input_.min is not None:
        rules["minimum"] = input_.min
    if input_.max is not None:
        rules["maximum"] = input_.max
    if input_.description:
        rules["description"] = input_.description
    default = "" if input_.default is None else f"{input_.default!r}, "
    return f"Param({default}{', '.join(f'{name}={value!r}' for name, value in rules.items())})"


def _literally(value: str) -> str:
    """A text as Airflow's templates give it back unchanged."""
    return "{{ " + repr(value) + " }}" if re.search(r"\{[{%#]", value) else value


def _digest(step: Step) -> str:
    digest = hashlib.sha256()
    for path in sorted(step.code):
        digest.update(f"{path}\0{len(step.code[path])}\0".encode())
        digest.update(step.code[path])
    return digest.hexdigest()[:12]


def _environment_digest(environment: Environment) -> str:
    counted = [environment.python, sorted(environment.packages), list(environment.options)]
    return hashlib.sha256(json.dumps(counted).encode()).hexdigest()[:12]
