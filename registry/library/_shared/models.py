"""Models between steps: a folder with `model.joblib`, a scikit-learn Pipeline, and what it is, `model.json`."""

import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import joblib
import numpy as np
import pandas as pd
import polars as pl
import sklearn
from columns import check_column, check_columns
from polars.exceptions import PolarsError
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from step import UserError
from tables import kind_of, plain, read_table

Kind = Literal["number", "category"]
MISSING = "(missing)"
MAX_CATEGORIES = 50
FEW_VALUES = 20
MILLISECONDS_A_DAY = 86_400_000


@dataclass(frozen=True)
class Training:
    """Rows to learn from: features as scikit-learn takes them, and the values to predict."""

    features: pd.DataFrame
    kinds: dict[str, Kind]
    target: str | None
    values: np.ndarray | None
    task: str

    @property
    def classes(self) -> list[Any] | None:
        return np.unique(self.values).tolist() if self.task == "classification" else None


@dataclass(frozen=True)
class Model:
    """A fitted pipeline and its summary."""

    pipeline: Pipeline
    summary: dict[str, Any]

    @property
    def task(self) -> str:
        return str(self.summary["task"])

    def features_of(self, frame: pl.DataFrame) -> pd.DataFrame:
        """The columns that the model was trained on, in its order. Raises UserError if one is missing."""
        for name in self.summary["columns"]:
            check_column(frame.columns, name)
        return feature_frame(frame, self.summary["columns"])

    def learn_from(self, frame: pl.DataFrame) -> Training:
        """The table's rows as this model's own kind of training data."""
        return training_data(frame, self.target, ",".join(map(quoted, self.summary["columns"])), self.task)

    @property
    def target(self) -> str:
        target = self.summary.get("target")
        if not target:
            raise UserError(f"This model ({self.summary['kind']}) predicts no target, so it cannot be judged by one.")
        return str(target)


def quoted(name: str) -> str:
    """A column's name as one item of a comma-separated list."""
    return '"' + name.replace('"', '""') + '"'


def read_training(table: Path, target: str, features: str, task: str) -> Training:
    """Read a table to learn from; `task` is auto, classification or regression."""
    training = training_data(read_table(table), target, features, task)
    count = f"{len(training.kinds)} feature{'' if len(training.kinds) == 1 else 's'}"
    what = f"{len(training.classes)} classes" if training.classes else "a number"
    print(f"Learning `{target}` ({training.task}, {what}) from {count} and {len(training.features):,} rows.")
    return training


def training_data(frame: pl.DataFrame, target: str, features: str, task: str) -> Training:
    """Features and target of a table, without the rows whose target is missing."""
    check_column(frame.columns, target)
    names = [name for name in check_columns(frame.columns, features) or frame.columns if name != target]
    if not names:
        raise UserError(f"There is nothing to learn from: the table has no column besides the target `{target}`.")
    known = frame.filter(pl.col(target).is_not_null())
    if known.is_empty():
        raise UserError(f"The target `{target}` has no values to learn from.")
    if missing := frame.height - known.height:
        print(f"Left out {missing:,} rows whose `{target}` is missing.")
    task = infer_task(known[target]) if task == "auto" else task
    kinds = column_kinds(known, names)
    return Training(feature_frame(known, kinds), kinds, target, target_values(known[target], task), task)


def infer_task(values: pl.Series) -> str:
    """Classification for text, yes/no and few whole numbers; regression for other numbers."""
    if not values.dtype.is_numeric():
        return "classification"
    few = values.dtype.is_integer() and values.n_unique() <= FEW_VALUES
    return "classification" if few else "regression"


def target_values(values: pl.Series, task: str) -> np.ndarray:
    """The target as scikit-learn takes it. Raises UserError where it does not suit the task."""
    if task == "regression":
        if not values.dtype.is_numeric():
            held = kind_of(values.dtype)
            raise UserError(f"The target `{values.name}` holds {held}, but regression predicts numbers.")
        return values.cast(pl.Float64).to_numpy()
    if values.dtype.is_float() or values.dtype.is_decimal():
        if not (values == values.round(0)).all():
            raise UserError(
                f"The target `{values.name}` holds numbers with fractions, "
                "but classification predicts classes; choose regression."
            )
        values = values.cast(pl.Int64)
    if values.n_unique() < 2:
        raise UserError(
            f"The target `{values.name}` has only one value, {values[0]!r}: there is nothing to tell apart."
        )
    if not (values.dtype.is_integer() or values.dtype == pl.Boolean):
        return np.array(values.cast(pl.String).to_list(), dtype=object)
    return values.to_numpy()


def column_kinds(frame: pl.DataFrame, names: list[str]) -> dict[str, Kind]:
    """Which columns are numbers to a model (dates and yes/no too) and which are categories."""
    return {name: _kind(name, frame.schema[name]) for name in names}


def _kind(name: str, kind: pl.DataType) -> Kind:
    if kind in (pl.String, pl.Categorical, pl.Enum):
        return "category"
    if kind.is_numeric() or kind.is_temporal() or kind in (pl.Boolean, pl.Null):
        return "number"
    raise UserError(f"The column `{name}` holds {kind_of(kind)}, which no model can learn from; leave it out.")


def feature_frame(frame: pl.DataFrame, kinds: dict[str, Kind]) -> pd.DataFrame:
    """The named columns for scikit-learn: numbers as floats, categories as text, dates as days since 1970."""
    try:
        return frame.select(_feature(name, frame.schema[name], kind) for name, kind in kinds.items()).to_pandas()
    except PolarsError:
        wrong = [n for n, kind in kinds.items() if kind == "number" and _kind(n, frame.schema[n]) == "category"]
        raise UserError(f"The model expects numbers in {', '.join(f'`{n}`' for n in wrong)}, but found text.") from None


def _feature(name: str, stored: pl.DataType, kind: Kind) -> pl.Expr:
    column = pl.col(name)
    if kind == "category":
        return column.cast(pl.String)
    if stored in (pl.Date, pl.Datetime):
        return column.cast(pl.Datetime("ms")).dt.epoch("ms") / MILLISECONDS_A_DAY
    if stored.is_temporal():
        return column.cast(pl.Int64).cast(pl.Float64)
    return column.cast(pl.Float64).fill_nan(None)


def make_model(estimator: Any, kinds: dict[str, Kind], scale: bool) -> Pipeline:
    """Preparation and estimator in one: missing numbers become the median, categories one column each."""
    numbers = [SimpleImputer(strategy="median", keep_empty_features=True)]
    categories = [
        SimpleImputer(strategy="constant", fill_value=MISSING),
        OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=MAX_CATEGORIES, sparse_output=False),
    ]
    prepare = ColumnTransformer(
        [
            (
                "numbers",
                make_pipeline(*numbers, *([StandardScaler()] if scale else [])),
                _of(kinds, "number"),
            ),
            ("categories", make_pipeline(*categories), _of(kinds, "category")),
        ],
        sparse_threshold=0,
        verbose_feature_names_out=False,
    )
    return Pipeline([("prepare", prepare), ("model", estimator)])


def _of(kinds: dict[str, Kind], kind: Kind) -> list[str]:
    return [name for name, one in kinds.items() if one == kind]


def fit(pipeline: Pipeline, training: Training) -> Pipeline:
    """Fit, with one plain sentence where the iterations did not suffice."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        pipeline.fit(training.features, training.values)
    if any(issubclass(warning.category, ConvergenceWarning) for warning in caught):
        print("Warning: training stopped before it had converged; raise the number of iterations.")
    return pipeline


def fit_and_save(estimator: Any, training: Training, folder: Path, scale: bool = False) -> Pipeline:
    """Train on prepared features, report the fit, and write the model's folder."""
    pipeline = fit(make_model(estimator, training.kinds, scale), training)
    if training.task != "clustering":
        measure = "Accuracy" if training.task == "classification" else "R²"
        print(f"{measure} on the training rows: {pipeline.score(training.features, training.values):.4f}")
    save_model(pipeline, training, folder)
    return pipeline


def save_model(pipeline: Pipeline, training: Training, folder: Path) -> None:
    """Write `model.joblib` and `model.json`."""
    estimator = pipeline.named_steps["model"]
    if "n_jobs" in estimator.get_params():
        # Trained on all cores; to predict a few rows, starting threads takes longer than the work.
        estimator.set_params(n_jobs=None)
    summary = {
        "kind": type(estimator).__name__,
        "task": training.task,
        "target": training.target,
        "features": list(training.kinds),
        "columns": training.kinds,
        "classes": training.classes,
        "parameters": {name: plain(value) for name, value in estimator.get_params(deep=False).items()},
        "training_rows": len(training.features),
        "library": f"scikit-learn {sklearn.__version__}",
    }
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(pipeline, folder / "model.joblib", compress=3)
    (folder / "model.json").write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Wrote the model: {summary['kind']}, {summary['task']}.")


def load_model(folder: Path) -> Model:
    """Read a model's folder. Like every pickle, it may run code: only load what your own pipelines made."""
    if not (folder / "model.joblib").is_file() or not (folder / "model.json").is_file():
        raise UserError(f"“{folder.name}” holds no model.joblib and model.json, so it is no model of a training step.")
    summary = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    print(f"Read the model: {summary['kind']}, {summary['task']}, {len(summary['features'])} features.")
    return Model(joblib.load(folder / "model.joblib"), summary)
