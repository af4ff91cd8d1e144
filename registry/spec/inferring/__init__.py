"""From Python code to the ports of a component, by reading it: the code is never run."""

from registry.spec.inferring.module import infer
from registry.spec.inferring.result import GENERATED, Inferred

__all__ = ["GENERATED", "Inferred", "infer"]
