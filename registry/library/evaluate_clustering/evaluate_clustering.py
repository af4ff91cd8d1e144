from pathlib import Path

import numpy as np
import polars as pl
from charts import category, number, points, thin, write_chart
from columns import check_column, check_columns
from components import Matrix, matrix, principal_components
from metrics import write_metrics
from sklearn import metrics as score
from step import UserError, run
from tables import numeric_columns, read_table, write_table

SILHOUETTE_ROWS = 5_000


def evaluate_clustering(
    table: Path,
    metrics: Path,
    profile: Path,
    chart: Path,
    cluster: str = "cluster",
    columns: str = "",
    scale: bool = True,
) -> None:
    """Measure how far apart and how dense clusters are, without knowing true ones."""
    frame = read_table(table)
    check_column(frame.columns, cluster)
    frame = frame.drop_nulls(cluster)
    names = check_columns(frame.columns, columns) or [n for n in numeric_columns(frame) if n != cluster]
    data = matrix(frame, names, scale, "evaluating clusters")
    labels = np.array([str(value) for value in frame[cluster]])
    write_metrics(metrics, _metrics(data, labels))
    means = [pl.col(name).mean() for name in names]
    sizes = frame.group_by(cluster).agg(pl.len().alias("rows"), *means).sort(cluster)
    write_table(sizes, profile, "the profile of the clusters")
    _scatter(data, labels, chart)


def _metrics(data: Matrix, labels: np.ndarray) -> dict[str, float | int]:
    clusters = len(set(labels))
    if not 2 <= clusters < len(labels):
        raise UserError(f"{clusters} clusters of {len(labels)} rows cannot be judged: at least 2 are needed.")
    sample = min(SILHOUETTE_ROWS, len(labels))
    return {
        "silhouette": float(score.silhouette_score(data.values, labels, sample_size=sample, random_state=0)),
        "davies_bouldin": float(score.davies_bouldin_score(data.values, labels)),
        "calinski_harabasz": float(score.calinski_harabasz_score(data.values, labels)),
        "clusters": clusters,
        "rows": len(labels),
    }


def _scatter(data: Matrix, labels: np.ndarray, path: Path) -> None:
    count = min(2, len(data.names))
    _, places = principal_components(data, count)
    rows = [
        {"x": float(place[0]), "y": float(place[-1]), "cluster": str(label)}
        for place, label in zip(places, labels, strict=True)
    ]
    color = category("cluster", "Cluster", sort="ascending")
    x, y = number("x", "First component"), number("y", "Second component")
    write_chart(path, "Clusters by the first two components", thin(rows), points(x, y, color))


if __name__ == "__main__":
    run(evaluate_clustering)
