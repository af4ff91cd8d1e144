import re
from pathlib import Path

import polars as pl
from sklearn import datasets
from step import run
from tables import write_table

TARGETS = {
    "iris": "species",
    "wine": "cultivar",
    "breast_cancer": "diagnosis",
    "diabetes": "progression",
    "digits": "digit",
}


def sample_dataset(dataset: str, result: Path) -> None:
    """Load one of scikit-learn's small real data sets as a table, with classes written as words."""
    frame = _linnerud() if dataset == "linnerud" else _load(dataset)
    write_table(frame, result, f"the {dataset} data")


def _load(name: str) -> pl.DataFrame:
    options = {"scaled": False} if name == "diabetes" else {}
    bunch = getattr(datasets, f"load_{name}")(**options)
    frame = pl.DataFrame(bunch.data, schema=[_snake(column) for column in bunch.feature_names])
    target = pl.Series(TARGETS[name], bunch.target)
    if name in ("iris", "wine", "breast_cancer"):
        target = pl.Series(TARGETS[name], [str(bunch.target_names[index]) for index in bunch.target])
    return frame.with_columns(target)


def _linnerud() -> pl.DataFrame:
    bunch = datasets.load_linnerud()
    exercise = pl.DataFrame(bunch.data, schema=[_snake(column) for column in bunch.feature_names])
    body = pl.DataFrame(bunch.target, schema=[_snake(column) for column in bunch.target_names])
    return pl.concat([exercise, body], how="horizontal")


def _snake(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower()).strip("_")


if __name__ == "__main__":
    run(sample_dataset)
