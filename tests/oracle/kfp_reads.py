"""Run with kfp: read each file as a PipelineSpec and as a component, and print the names of its inputs."""

import sys
from pathlib import Path

import yaml
from google.protobuf import json_format
from kfp.components import load_component_from_text
from kfp.pipeline_spec import pipeline_spec_pb2

for path in sys.argv[1:]:
    text = Path(path).read_text(encoding="utf-8")
    json_format.ParseDict(yaml.safe_load(text), pipeline_spec_pb2.PipelineSpec())
    print(*(load_component_from_text(text).component_spec.inputs or {}))
