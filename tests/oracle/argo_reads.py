"""Run with hera: read each file as Argo's Workflow, which hera's models have every field of, and print its task names.

The models pass over keys that they do not know, so what they read must give the same file again.
"""

import sys
from pathlib import Path

import yaml
from hera.workflows.models import Workflow

for path in sys.argv[1:]:
    given = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    workflow = Workflow.model_validate(given)
    read = workflow.model_dump(by_alias=True, exclude_unset=True)
    assert read == given, f"{path} has keys or values that Argo does not know"
    print(*(task.name for task in workflow.spec.templates[0].dag.tasks))
