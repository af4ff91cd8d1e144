"""A tree of Azure ML files, imported and run as it is."""

from pathlib import Path

from runner.models import Artifact
from runner.services.importing import job_import
from tests.runner.conftest import World, finish, log_of, statuses, step_of

PIPELINE = """\
type: pipeline
name: my_job
display_name: Words
inputs:
  words: {type: uri_folder, path: ./words}
  group.suffix: "!"
  times: 2
jobs:
  shout:
    component: ./shout/shout.yml
    inputs: {words: "${{parent.inputs.words}}", suffix: "${{parent.inputs.group.suffix}}", json: '["a","b"]'}
    outputs: {said: "${{parent.outputs.said}}"}
  again:
    command: >-
      cat "${{inputs.said}}/all.txt" > "${{outputs.copy}}/again.txt" &&
      echo "${{inputs.times}} {{x}} ${{inputs.mixed}}"
    environment: azureml:portline-default@latest
    inputs:
      said: {path: "${{parent.jobs.shout.outputs.said}}"}
      times: {path: "${{parent.inputs.times}}"}
      mixed: "times=${{parent.inputs.times}};suffix=${{parent.inputs.group.suffix}}"
    outputs: {copy: }
outputs: {said: }
"""
SHOUT = """\
name: shout-loud
inputs:
  words: {type: uri_folder}
  suffix: {type: string}
  json: {type: string}
outputs: {said: {type: uri_folder}}
code: ./
environment: azureml:portline-default@latest
command: >-
  python shout.py "${{inputs.words}}" "${{inputs.suffix}}" "${{outputs.said}}" && echo '${{inputs.json}}'
"""
CODE = """\
import pathlib, sys
words, suffix, said = sys.argv[1:]
text = "".join(path.read_text() + suffix for path in sorted(pathlib.Path(words).iterdir()))
(pathlib.Path(said) / "all.txt").write_text(text)
"""


def test_an_imported_job_runs_as_it_is(live_world: World, worker: object, tmp_path: Path) -> None:
    files = {"pipeline.yml": PIPELINE, "shout/shout.yml": SHOUT, "shout/shout.py": CODE, "words/a.txt": "hello"}
    for path, text in files.items():
        (tmp_path / "tree" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / path).write_text(text)

    done = job_import(workspace=live_world.workspace, user=live_world.alice, root=tmp_path / "tree")
    run = finish(done.run)

    assert statuses(run) == {"shout": "Completed", "again": "Completed"}, log_of(run, "shout")
    assert (run.name, run.display_name) == ("my_job", "Words")
    assert Artifact.objects.get(step=step_of(run, "again")).size == len("hello!")
    assert '["a","b"]' in log_of(run, "shout")
    assert "2 {{x}} times=2;suffix=!" in log_of(run, "again")
