from pathlib import Path

import numpy as np
import polars as pl
from charts import bars, category, number, points, thin, write_chart
from columns import check_column, check_columns, new_column
from components import matrix, principal_components
from step import run
from tables import numeric_columns, plain, read_table, write_table

MOST_COLORS = 20


def pca(
    table: Path,
    result: Path,
    loadings: Path,
    variance_chart: Path,
    scatter_chart: Path,
    columns: str = "",
    components: int = 2,
    scale: bool = True,
    color: str = "",
) -> None:
    """Replace many related columns by a few components that keep most of their variation."""
    frame = read_table(table)
    names = check_columns(frame.columns, columns) or numeric_columns(frame)
    shade = check_column(frame.columns, color) if color else None
    data = matrix(frame, names, scale, "principal components")
    analysis, places = principal_components(data, components)
    shares = analysis.explained_variance_ratio_
    print(f"{components} components keep {shares.sum():.1%} of the variance of {len(names)} columns.")
    labels = [new_column(frame.drop(names).columns, f"pc{i + 1}") for i in range(components)]
    scores = pl.DataFrame(places, schema=labels)
    write_table(pl.concat([frame.drop(names), scores], how="horizontal"), result)
    weights = pl.DataFrame(analysis.components_.T, schema=labels)
    write_table(weights.insert_column(0, pl.Series("column", names)), loadings, "the loadings")
    kept = [{"component": name, "share": float(share)} for name, share in zip(labels, shares, strict=True)]
    write_chart(variance_chart, "Share of the variance", kept, bars("component", "share", "Share of the variance"))
    _scatter(places, frame[shade] if shade else None, scatter_chart)


def _scatter(places: np.ndarray, shade: pl.Series | None, path: Path) -> None:
    second = places[:, 1] if places.shape[1] > 1 else np.zeros(len(places))
    rows = [{"x": float(x), "y": float(y)} for x, y in zip(places[:, 0], second, strict=True)]
    color = None
    if shade is not None:
        rows = [row | {"color": plain(value)} for row, value in zip(rows, shade, strict=True)]
        many = shade.dtype.is_numeric() and shade.n_unique() > MOST_COLORS
        color = number("color", shade.name) if many else category("color", shade.name)
    x, y = number("x", "First component"), number("y", "Second component")
    write_chart(path, "Rows by their first two components", thin(rows), points(x, y, color))


if __name__ == "__main__":
    run(pca)
