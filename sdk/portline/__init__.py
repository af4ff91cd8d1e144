"""Portline in Python: pipelines as functions, components as functions, and the client of a server.

    from portline import Input, MLClient, Output, command_component, pipeline

What it holds is loaded when it is asked for, so that the command line starts fast.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portline import dsl
    from portline.client import MLClient
    from portline.client import MLClient as Client
    from portline.client.errors import PortlineError
    from portline.dsl import (
        RunFunction,
        command,
        command_component,
        do_while,
        for_each_file,
        group,
        if_else,
        parallel_for,
        parallel_run_function,
        pipeline,
        spark,
    )
    from portline.entities.assets import Data, Environment, Model
    from portline.entities.component import Component
    from portline.entities.job import PipelineJob
    from portline.entities.loading import (
        load_component,
        load_data,
        load_environment,
        load_job,
        load_model,
        load_schedule,
    )
    from portline.entities.node import Command
    from portline.entities.ports import Input, Output
    from portline.entities.schedule import CronTrigger, JobSchedule, RecurrencePattern, RecurrenceTrigger
    from portline.entities.sweep import (
        BanditPolicy,
        Choice,
        LogNormal,
        LogUniform,
        MedianStoppingPolicy,
        Normal,
        QLogNormal,
        QLogUniform,
        QNormal,
        QUniform,
        Randint,
        TruncationSelectionPolicy,
        Uniform,
    )

__version__ = "0.1.0"
_PLACES = {
    "client": ("MLClient",),
    "client.errors": ("PortlineError",),
    "dsl": (
        "RunFunction",
        "command",
        "command_component",
        "do_while",
        "for_each_file",
        "group",
        "if_else",
        "parallel_for",
        "parallel_run_function",
        "pipeline",
        "spark",
    ),
    "entities.assets": ("Data", "Environment", "Model"),
    "entities.component": ("Component",),
    "entities.job": ("PipelineJob",),
    "entities.loading": (
        "load_component",
        "load_data",
        "load_environment",
        "load_job",
        "load_model",
        "load_schedule",
    ),
    "entities.node": ("Command",),
    "entities.ports": ("Input", "Output"),
    "entities.schedule": ("CronTrigger", "JobSchedule", "RecurrencePattern", "RecurrenceTrigger"),
    "entities.sweep": (
        "BanditPolicy",
        "Choice",
        "LogNormal",
        "LogUniform",
        "MedianStoppingPolicy",
        "Normal",
        "QLogNormal",
        "QLogUniform",
        "QNormal",
        "QUniform",
        "Randint",
        "TruncationSelectionPolicy",
        "Uniform",
    ),
}
_MODULES = {name: module for module, names in _PLACES.items() for name in names}
__all__ = [
    "BanditPolicy",
    "Choice",
    "Client",
    "Command",
    "Component",
    "CronTrigger",
    "Data",
    "Environment",
    "Input",
    "JobSchedule",
    "LogNormal",
    "LogUniform",
    "MLClient",
    "MedianStoppingPolicy",
    "Model",
    "Normal",
    "Output",
    "PipelineJob",
    "PortlineError",
    "QLogNormal",
    "QLogUniform",
    "QNormal",
    "QUniform",
    "Randint",
    "RecurrencePattern",
    "RecurrenceTrigger",
    "RunFunction",
    "TruncationSelectionPolicy",
    "Uniform",
    "command",
    "command_component",
    "do_while",
    "dsl",
    "for_each_file",
    "group",
    "if_else",
    "load_component",
    "load_data",
    "load_environment",
    "load_job",
    "load_model",
    "load_schedule",
    "parallel_for",
    "parallel_run_function",
    "pipeline",
    "spark",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "dsl":
        return import_module("portline.dsl")
    module = _MODULES.get("MLClient" if name == "Client" else name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"portline.{module}"), "MLClient" if name == "Client" else name)
