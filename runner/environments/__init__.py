"""The virtualenvs that steps run in, made from lists of packages and kept by content."""

from runner.environments.ensuring import OWN, EnvironmentFailed, Interpreter, ensure

__all__ = ["OWN", "EnvironmentFailed", "Interpreter", "ensure"]
