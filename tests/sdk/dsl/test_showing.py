"""Pictures of pipelines, live states, and stubs for editors."""

import ast
import re
import sys
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import portline
from portline import JobSchedule, RecurrencePattern, RecurrenceTrigger, load_schedule, pipeline
from portline.client.following import JobUpdate, StepUpdate
from portline.client.yaml import parse
from portline.dsl.live import watch
from portline.dsl.picture import svg
from portline.dsl.stubs import source
from portline.entities.component import Component
from portline.entities.yaml import inline
from tests.sdk.dsl.steps import make, make_and_judge, twice

NOW = datetime.now(UTC)


def boxes(picture: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(picture).iter() if element.get("class") == "title"]


def test_a_picture_has_a_box_for_each_node_and_a_wire_for_each_binding() -> None:
    picture = make_and_judge(count=2)._repr_svg_()
    assert sorted(boxes(picture)) == ["Judge it", "Make", "value_1 + 1"]
    assert len(re.findall(r'<path class="wire"', picture)) == 3
    # An order edge is no wire: `second.after(first)`, and the block of the branch.
    picture = twice(count=2)._repr_html_()
    assert len(re.findall(r'<path class="wire order"', picture)) == 2


def test_nodes_stand_right_of_what_they_come_after() -> None:
    picture = ET.fromstring(make_and_judge().picture())
    x = {}
    for group in picture.iter("{http://www.w3.org/2000/svg}g"):
        title = next(each.text for each in group if each.get("class") == "title")
        x[title] = float(str(group.get("transform")).removeprefix("translate(").partition(",")[0])
    assert x["Make"] < x["value_1 + 1"] < x["Judge it"]


def test_text_of_people_is_escaped() -> None:
    component = Component({"name": "x", "display_name": "<script>", "outputs": {'a"&<b>': {}}, "command": "true"})
    picture = svg({"display_name": "<b>", "jobs": {"one": {"component": component.content}}})
    assert boxes(picture) == ["<script>"]
    assert "<script>" not in picture
    assert svg({"jobs": {}}) == svg({})


class Followed:
    """A server where a job runs."""

    def __init__(self, status: str) -> None:
        self.jobs, self.status, self.streamed = self, status, False

    def yaml(self, name: str) -> str:
        return str(make_and_judge())

    def follow(self, name: str) -> Any:
        yield JobUpdate("Running", "", NOW)
        yield StepUpdate("made", "Completed", "", 1, False, NOW, 1.5)
        yield StepUpdate("verdict", "Running", "", 1, False, NOW)
        yield JobUpdate(self.status, "", NOW)

    def get(self, name: str) -> dict[str, str]:
        return {"name": name, "status": self.status}

    def stream(self, name: str) -> str:
        self.streamed = True
        return name


def test_a_notebook_sees_states_on_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    class Handle:
        def update(self, thing: Any) -> None:
            shown.append(thing._repr_html_())

    def display(thing: Any, display_id: bool) -> Handle:
        shown.append(thing._repr_html_())
        return Handle()

    module, inner = ModuleType("IPython"), ModuleType("IPython.display")
    module.get_ipython = lambda: type("Shell", (), {"kernel": object()})()  # type: ignore[attr-defined]
    inner.display = display  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", module)
    monkeypatch.setitem(sys.modules, "IPython.display", inner)
    assert watch(Followed("Completed"), "job")["status"] == "Completed"  # type: ignore[arg-type]
    assert "Completed 1.5 s" not in shown[0]
    assert "Completed 1.5 s" in shown[-1]
    with pytest.raises(portline.PortlineError, match="ended as Failed"):
        watch(Followed("Failed"), "job")  # type: ignore[arg-type]


def test_elsewhere_it_is_plain_text() -> None:
    client = Followed("Completed")
    watch(client, {"name": "job"})  # type: ignore[arg-type]
    assert client.streamed


def test_stubs_are_python_that_names_every_input() -> None:
    component = Component(
        {
            "name": "import",
            "version": "2",
            "description": 'Says "hi\\',
            "inputs": {
                "table": {"type": "mltable"},
                "rate": {"type": "number", "default": 0.5},
                "mode": {"type": "string", "enum": ["a", 'b"'], "default": "a"},
                "note": {"type": "string", "optional": True},
                "group.field": {"type": "integer", "optional": True},
            },
            "command": "true",
        }
    )
    module = source([component], "the workspace main")
    function = next(
        node for node in ast.parse(module).body if isinstance(node, ast.FunctionDef) and node.name[0] == "i"
    )
    assert function.name == "import_"
    assert [argument.arg for argument in function.args.kwonlyargs] == ["table", "rate", "mode", "note"]
    defaults = [None if each is None else ast.literal_eval(each) for each in function.args.kw_defaults]
    assert defaults == [None, 0.5, "a", None]
    assert "Literal['a', 'b\"']" in ast.unparse(function)
    assert 'Says "hi\\' in str(ast.get_docstring(function))


def test_a_schedule_has_its_job_beside_it(tmp_path: Path) -> None:
    schedule = JobSchedule(
        name="daily",
        trigger=RecurrenceTrigger(frequency="day", interval=1, schedule=RecurrencePattern(hours=4, minutes=[0, 30])),
        create_job=make_and_judge(count=3),
    )
    content = schedule._to_dict()
    assert content["create_job"] == "./job.yml"
    assert parse((schedule.base_path / "job.yml").read_text(), "job.yml")["inputs"]["count"] == 3
    assert content["trigger"]["schedule"] == {"hours": 4, "minutes": [0, 30]}
    (tmp_path / "schedule.yml").write_text(str(schedule))
    assert load_schedule(tmp_path / "schedule.yml").name == "daily"
    with pytest.raises(portline.PortlineError, match="no frequency"):
        RecurrenceTrigger(frequency="year", interval=1)


def test_what_the_package_offers_is_there_when_it_is_asked_for() -> None:
    for name in portline.__all__:
        assert getattr(portline, name) is not None, name
    assert callable(portline.dsl.pipeline)
    with pytest.raises(AttributeError, match="no attribute"):
        _ = portline.nothing


def test_a_printed_job_is_yaml_that_holds_everything() -> None:
    job = pipeline(lambda: {"files": make(count=1).outputs.files})()
    content = parse(str(job), "job.yml")
    assert content == parse(str(job), "job.yml") == inline(job)
    assert content["jobs"]["make"]["component"]["command"].startswith("python make.py")
