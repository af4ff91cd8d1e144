"""The virtualenvs that steps run in, made from lists of packages and kept by content."""

from runner.environments.building import EnvironmentFailed
from runner.environments.disk import environments_on_disk, remove
from runner.environments.ensuring import OWN, WARM_FROM, Interpreter, ensure, prepare

__all__ = [
    "OWN",
    "WARM_FROM",
    "EnvironmentFailed",
    "Interpreter",
    "ensure",
    "environments_on_disk",
    "prepare",
    "remove",
]
