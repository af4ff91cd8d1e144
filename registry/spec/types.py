"""Port types, and which output may feed which input.

The names are Azure ML's (`shared/azureml.md` 2.2). Data types carry artifacts, literal types carry one value.
"""

from dataclasses import dataclass
from typing import Literal

MODEL_TYPES = ("mlflow_model", "custom_model", "triton_model")
DATA_TYPES = ("uri_file", "uri_folder", "mltable", "mlflow_model", "custom_model", "triton_model")
LITERAL_TYPES = ("string", "integer", "number", "boolean")

# What a person calls each type, in a sentence and on the canvas.
LABELS = {
    "uri_file": "file",
    "uri_folder": "folder",
    "mltable": "table",
    "mlflow_model": "MLflow model",
    "custom_model": "model",
    "triton_model": "Triton model",
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "yes or no",
}

Verdict = Literal["yes", "warn", "no"]

_READ = "add “Read data” between them"
_EXPORT = "add “Export table” between them"

# (output type, input type) -> (verdict, what to do or to know). Pairs of data types that are not here are refused;
# equal types always fit.
_DATA_PAIRS: dict[tuple[str, str], tuple[Verdict, str]] = {
    ("uri_file", "uri_folder"): ("warn", "the step will get one file where it expects a folder"),
    ("uri_file", "custom_model"): ("warn", "any file is accepted as a model"),
    ("uri_file", "mltable"): ("no", _READ),
    ("uri_folder", "mltable"): ("warn", "the folder must hold an MLTable file"),
    ("uri_folder", "mlflow_model"): ("warn", "the folder must hold an MLmodel file"),
    ("uri_folder", "custom_model"): ("warn", "any folder is accepted as a model"),
    ("uri_folder", "triton_model"): ("warn", "the folder must be a Triton repository"),
    ("mltable", "uri_folder"): ("yes", ""),
    ("mltable", "uri_file"): ("no", _EXPORT),
    ("mlflow_model", "uri_folder"): ("yes", ""),
    ("mlflow_model", "custom_model"): ("yes", ""),
    ("custom_model", "uri_folder"): ("yes", ""),
    ("custom_model", "uri_file"): ("warn", "a model is often a folder, not one file"),
    ("triton_model", "uri_folder"): ("yes", ""),
    ("triton_model", "custom_model"): ("yes", ""),
}


@dataclass(frozen=True)
class Fit:
    """Whether an output may feed an input, and the sentence that says why not or what to mind."""

    verdict: Verdict
    reason: str = ""


def is_data(type_: str) -> bool:
    """Whether ports of this type carry an artifact rather than one value."""
    return type_ in DATA_TYPES


def fit(output: str, input: str) -> Fit:
    """Judge one pair of types; `reason` is empty when the verdict is "yes"."""
    if output == input:
        return Fit("yes")
    if is_data(output) and is_data(input):
        verdict, hint = _DATA_PAIRS.get((output, input), ("no", ""))
        if verdict == "yes":
            return Fit("yes")
        if verdict == "warn":
            return Fit("warn", f"A {LABELS[output]} feeds a {LABELS[input]}: {hint}.")
        return Fit("no", f"A {LABELS[output]} cannot feed a {LABELS[input]}{': ' + hint if hint else ''}.")
    if is_data(output) != is_data(input):
        carried, wanted = ("data", "a parameter") if is_data(output) else ("a single value", "data")
        return Fit("no", f"This output carries {carried}, but the input takes {wanted}.")
    if input == "string" or (output, input) == ("integer", "number"):
        return Fit("yes")
    return Fit("no", f"A {LABELS[output]} cannot feed a {LABELS[input]}.")


def matrix() -> dict[str, dict[str, tuple[Verdict, str]]]:
    """Every pair's verdict and reason, as the browser gets it: `matrix()[output][input]`."""
    every = DATA_TYPES + LITERAL_TYPES
    verdicts = {out: {in_: fit(out, in_) for in_ in every} for out in every}
    return {out: {in_: (judged.verdict, judged.reason) for in_, judged in row.items()} for out, row in verdicts.items()}
