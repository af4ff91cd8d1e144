from pathlib import Path

import numpy as np
import polars as pl
from charts import bars, write_chart
from columns import check_columns
from metrics import write_metrics
from step import UserError, run
from tables import read_table, write_table

GROUPS = 10
MOST_VALUES = 50
SMALLEST = 1e-4


def detect_drift(
    reference: Path,
    current: Path,
    result: Path,
    metrics: Path,
    chart: Path,
    columns: str = "",
    threshold: float = 0.2,
    stop: bool = False,
) -> None:
    """The population stability index of each column that both tables have."""
    before, now = read_table(reference, "before"), read_table(current, "now")
    if before.is_empty() or now.is_empty():
        raise UserError("One of the tables has no rows, so there is nothing to compare.")
    names = check_columns(before.columns, columns) or [name for name in before.columns if name in now.columns]
    check_columns(now.columns, ", ".join(f'"{name}"' for name in names))
    if not names:
        raise UserError("The tables have no column in common.")
    rows = []
    for name in names:
        index = drift(before[name], now[name])
        rows.append({"column": name, "drift": index, "drifted": index >= threshold})
        print(f"{name}: {index:.3f}{', drifted' if index >= threshold else ''}.")
    found = pl.DataFrame(rows).sort("drift", descending=True)
    write_table(found, result, "the drift")
    drifted = found.filter("drifted")["column"].to_list()
    write_metrics(
        metrics, {"columns": len(rows), "drifted_columns": len(drifted), "largest_drift": found["drift"].max()}
    )
    write_chart(chart, "Drift by column", found.to_dicts(), bars("column", "drift", "Population stability index"))
    if stop and drifted:
        raise UserError(f"{len(drifted)} of {len(rows)} columns have drifted: {', '.join(drifted)}.")


def drift(before: pl.Series, now: pl.Series) -> float:
    """How far apart two columns are: 0 for equal shares in all groups. A missing value is a group too."""
    if before.dtype.is_numeric() and now.dtype.is_numeric():
        known = before.drop_nulls().cast(pl.Float64).to_numpy()
        edges = np.unique(np.quantile(known, np.linspace(0, 1, GROUPS + 1)[1:-1])) if len(known) else np.array([])
        groups = [np.searchsorted(edges, _filled(each), side="right") + 1 for each in (before, now)]
        groups = [
            np.where(each.is_null().to_numpy(), 0, group) for each, group in zip((before, now), groups, strict=True)
        ]
        counts = [np.bincount(group, minlength=len(edges) + 2) for group in groups]
    else:
        texts = [each.cast(pl.String).fill_null("(missing)") for each in (before, now)]
        kept = texts[0].value_counts(sort=True)[texts[0].name].head(MOST_VALUES).to_list()
        counts = [np.array([*((text == value).sum() for value in kept), (~text.is_in(kept)).sum()]) for text in texts]
    shares = [np.clip(count / count.sum(), SMALLEST, None) for count in counts]
    return float(np.sum((shares[1] - shares[0]) * np.log(shares[1] / shares[0])))


def _filled(series: pl.Series) -> np.ndarray:
    return series.cast(pl.Float64).fill_null(0.0).to_numpy()


if __name__ == "__main__":
    run(detect_drift)
