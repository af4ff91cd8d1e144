"""What a test sets up by the API, so that it clicks only what it is about."""

import io
import uuid
import zipfile
from typing import Any

from playwright.sync_api import Page

MEASURE = """\
name: measure
version: 1.0.0
display_name: Measure
inputs:
  value: {type: number, default: 1}
outputs:
  score: {type: number}
code: .
command: python measure.py --value ${{inputs.value}} --score "${{outputs.score}}"
properties:
  portline: {category: Evaluation, icon: gauge}
"""
CODE = """\
import argparse, pathlib, sys

given = argparse.ArgumentParser()
given.add_argument("--value", type=float)
given.add_argument("--score")
options = given.parse_args()
print("measuring", options.value)
if options.value < 0:
    sys.exit("the value is negative")
pathlib.Path(options.score).write_text(str(options.value))
"""


class Api:
    """The API as the logged-in person of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.base = page.url.split("/w/")[0] + "/api/v1/workspaces/main/"

    def post(self, path: str, **sent: Any) -> Any:
        token = next(cookie["value"] for cookie in self.page.context.cookies() if cookie.get("name") == "csrftoken")
        answer = self.page.request.post(self.base + path, headers={"X-CSRFToken": token}, **sent)
        assert answer.ok, answer.text()
        return answer.json()

    def pipeline(self, name: str, *ops: dict[str, Any]) -> int:
        """A new pipeline with these operations done to it."""
        made: int = self.post("pipelines/", data={"name": name})["id"]
        batch = {"op_id": str(uuid.uuid4()), "base_rev": 0, "ops": list(ops)}
        self.post(f"pipelines/{made}/operations/", data=batch)
        return made

    def measure(self) -> str:
        """A component that measures a number: its score is the number, and less than 0 makes it fail."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("measure/component.yml", MEASURE)
            archive.writestr("measure/measure.py", CODE)
        file = {"name": "measure.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}
        self.post("components/", multipart={"file": file})
        return "measure:1.0.0"

    def open(self, pipeline: int) -> None:
        self.page.goto(f"{self.page.url.split('/w/')[0]}/w/main/pipelines/{pipeline}/")


def add(id: str, component: str, x: int, y: int, **more: Any) -> dict[str, Any]:
    """The operation that adds a component node."""
    node = {"id": id, "kind": "component", "component": component, "title": id.replace("_", " "), "x": x, "y": y}
    return {"op": "add_node", "node": {"params": {}, "exposed": [], "comment": "", "settings": {}, **node, **more}}


def shell(id: str, script: str, x: int, y: int, **more: Any) -> dict[str, Any]:
    """The operation that adds a shell step, which leaves an empty file when the script went well."""
    return add(id, "run_shell:1.0.0", x, y, params={"script": f'{script}\ntouch "$OUTPUT/done"'}, **more)


def after(source: str, target: str, condition: str = "succeeded") -> dict[str, Any]:
    """The operation that lets one node run after another."""
    return {"op": "connect_order", "source": source, "target": target, "condition": condition}
