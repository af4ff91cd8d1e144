from pathlib import Path

import polars as pl
from columns import check_columns, new_column
from models import Training, column_kinds, feature_frame, fit_and_save
from sklearn.cluster import KMeans
from step import UserError, run
from tables import numeric_columns, read_table, write_table


def train_kmeans(
    table: Path,
    model: Path,
    result: Path,
    columns: str = "",
    clusters: int = 3,
    scale: bool = True,
    seed: int = 0,
) -> None:
    """Sort rows into clusters around as many centres, and add each row's cluster."""
    frame = read_table(table)
    new_column(frame.columns, "cluster")
    names = check_columns(frame.columns, columns) or numeric_columns(frame)
    if not names:
        raise UserError("The table has no column of numbers; name the columns to cluster by.")
    if frame.height < clusters:
        raise UserError(f"{frame.height} rows cannot be sorted into {clusters} clusters.")
    kinds = column_kinds(frame, names)
    training = Training(feature_frame(frame, kinds), kinds, None, None, "clustering")
    estimator = KMeans(n_clusters=clusters, n_init=10, random_state=seed)
    fit_and_save(estimator, training, model, scale)
    for number, rows in pl.Series(estimator.labels_).value_counts().sort(by="").iter_rows():
        print(f"Cluster {number}: {rows:,} rows.")
    write_table(frame.with_columns(pl.Series("cluster", estimator.labels_, dtype=pl.Int64)), result)


if __name__ == "__main__":
    run(train_kmeans)
