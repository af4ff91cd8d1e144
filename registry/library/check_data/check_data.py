from pathlib import Path

import polars as pl
from columns import check_columns
from metrics import write_metrics
from sql import compute
from step import UserError, run
from tables import read_table, write_table


def check_data(
    table: Path,
    rules: str,
    result: Path,
    broken: Path,
    report: Path,
    metrics: Path,
    tolerated: float = 0.0,
    stop: bool = False,
) -> None:
    """Which rows meet all rules, and which break which."""
    frame = read_table(table)
    lines = [line.strip() for line in rules.splitlines() if line.strip().partition("#")[0].strip()]
    if not lines:
        raise UserError("There are no rules: write one a line, such as `price > 0`, `unique: id` or `complete: name`.")
    found = []
    first = pl.Series("rule", [None] * frame.height, dtype=pl.String)
    for line in lines:
        rule, _, name = (part.strip() for part in line.partition("#"))
        bad = _breaking(frame, rule)
        count = int(bad.sum())
        share = count / max(1, frame.height)
        state = "broken" if share > tolerated else "met"
        found.append({"rule": name or rule, "condition": rule, "rows": count, "share": share, "state": state})
        first = pl.select(pl.when(bad & first.is_null()).then(pl.lit(name or rule)).otherwise(first)).to_series()
        print(f"{name or rule}: {count:,} of {frame.height:,} rows break it, so it is {state}.")
    named = "broken_rule" if "broken_rule" not in frame.columns else "broken_rule_"
    write_table(frame.filter(first.is_null()), result, "the good rows")
    write_table(frame.with_columns(first.alias(named)).filter(first.is_not_null()), broken, "the bad rows")
    write_table(pl.DataFrame(found, infer_schema_length=None), report, "the report")
    over = [row["rule"] for row in found if row["state"] == "broken"]
    counts = {"rows": frame.height, "bad_rows": int(first.is_not_null().sum())}
    write_metrics(metrics, counts | {"rules": len(found), "broken_rules": len(over)})
    if stop and over:
        raise UserError(f"{len(over)} of {len(found)} rules are broken: {', '.join(map(str, over))}.")


def _breaking(frame: pl.DataFrame, rule: str) -> pl.Series:
    """Whether each row breaks the rule; a condition that is unknown, as of a missing value, counts as broken."""
    kind, colon, columns = rule.partition(":")
    if colon and kind.strip().lower() in ("unique", "complete"):
        names = check_columns(frame.columns, columns)
        if not names:
            raise UserError(f"`{rule}` names no column, as in {kind}: id.")
        if kind.strip().lower() == "unique":
            return frame.select(pl.struct(names).is_duplicated()).to_series()
        return frame.select(pl.any_horizontal(pl.col(name).is_null() for name in names)).to_series()
    met = compute(frame, rule)
    if met.dtype != pl.Boolean:
        raise UserError(f"`{rule}` is no condition: it gives values, not yes or no.")
    return ~met.fill_null(False)


if __name__ == "__main__":
    run(check_data)
