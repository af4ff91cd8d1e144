"""Principal components of a table's columns of numbers."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import StandardScaler
from step import UserError
from tables import need_numeric


@dataclass(frozen=True)
class Matrix:
    """Columns of numbers without gaps, scaled or as they are."""

    names: list[str]
    values: np.ndarray


def matrix(frame: pl.DataFrame, names: list[str], scale: bool, purpose: str) -> Matrix:
    """The named columns; missing numbers become the median of their column."""
    if not names:
        raise UserError(f"The table has no column of numbers for {purpose}.")
    if frame.is_empty():
        raise UserError(f"The table has no rows for {purpose}.")
    floats = frame.select(pl.col(need_numeric(frame, names, purpose)).cast(pl.Float64).fill_nan(None))
    if gaps := sum(floats.null_count().row(0)):
        print(f"Filled {gaps:,} missing numbers with the median of their column.")
    values = SimpleImputer(strategy="median", keep_empty_features=True).fit_transform(floats.to_numpy())
    return Matrix(names, StandardScaler().fit_transform(values) if scale else values)


def principal_components(data: Matrix, count: int, seed: int = 0) -> tuple[PCA, np.ndarray]:
    """The fitted analysis and each row's coordinates. Raises UserError for more components than there can be."""
    most = min(data.values.shape)
    if count > most:
        rows, columns = data.values.shape
        raise UserError(f"{count} components cannot be made of {rows} rows and {columns} columns.")
    analysis = PCA(n_components=count, random_state=seed)
    return analysis, analysis.fit_transform(data.values)
