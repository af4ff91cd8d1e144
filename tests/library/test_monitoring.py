"""Example data, series of time, checks of data and drift."""

from datetime import date, timedelta

import polars as pl
import pytest

from .harness import Step

DAYS = pl.DataFrame(
    {
        "day": [date(2026, 1, 1) + timedelta(days=index) for index in range(60)],
        "sold": [10.0 + index + (5 if index % 7 == 0 else 0) for index in range(60)],
    }
)
PEOPLE = pl.DataFrame({"id": [1, 2, 2, 4], "age": [30, 200, 41, None], "name": ["a", "b", "c", None]})


@pytest.mark.parametrize("kind", ["customers", "daily_sales", "messages"])
def test_example_data_is_the_same_for_the_same_seed(kind: str, step: Step) -> None:
    first = step("example_data", kind=kind, rows=50).table()
    assert first.height == 50
    assert first.equals(step("example_data", kind=kind, rows=50).table())
    assert not first.equals(step("example_data", kind=kind, rows=50, seed=1).table())


def test_example_data_can_be_spoilt(step: Step) -> None:
    spoilt = step("example_data", rows=100, faults=0.2).table()
    assert spoilt.height == 105
    assert spoilt["monthly_spend"].null_count() > 0
    assert spoilt["age"].max() == 190


def test_time_series_features_look_back_only(step: Step) -> None:
    shuffled = DAYS.sample(fraction=1, shuffle=True, seed=1)
    made = step("time_series_features", table=shuffled, time="day", value="sold", lags="1, 7", windows="3").table()
    assert made.height == 53
    assert made["day"].is_sorted()
    first = made.row(0, named=True)
    assert first["sold_1_before"] == DAYS["sold"][6]
    assert first["sold_7_before"] == DAYS["sold"][0]
    assert first["sold_mean_3"] == pytest.approx(DAYS["sold"][4:7].mean())
    assert first["weekday"] == DAYS["day"][7].isoweekday()


def test_time_series_features_say_what_is_wrong(step: Step) -> None:
    assert "holds no dates" in step.error("time_series_features", table=DAYS, time="sold", value="sold")
    assert "takes whole numbers" in step.error("time_series_features", table=DAYS, time="day", value="sold", lags="a")
    assert "too few" in step.error("time_series_features", table=DAYS, time="day", value="sold", lags="60")


def test_forecast_continues_trend_and_week(step: Step) -> None:
    made = step("forecast", table=DAYS, time="day", value="sold", horizon=14, period=7)
    ahead = made.table()
    assert ahead["day"].to_list() == [date(2026, 3, 2) + timedelta(days=index) for index in range(14)]
    expected = [10.0 + index + (5 if index % 7 == 0 else 0) for index in range(60, 74)]
    assert ahead["forecast"].to_list() == pytest.approx(expected, abs=0.5)
    assert made.json("metrics")["mae"] < made.json("metrics")["mae_of_repeating"]


def test_forecast_needs_rows_enough(step: Step) -> None:
    assert "needs 52" in step.error("forecast", table=DAYS.head(20), time="day", value="sold", horizon=28, period=10)


def test_check_data_parts_good_rows_from_bad_ones(step: Step) -> None:
    rules = "unique: id # each once\n\nage < 120\ncomplete: name\n"
    made = step("check_data", table=PEOPLE, rules=rules)
    assert made.table("result")["id"].to_list() == [1]
    assert made.table("broken")["broken_rule"].to_list() == ["each once", "each once", "age < 120"]
    assert made.table("report").select("rule", "rows", "state").rows() == [
        ("each once", 2, "broken"),
        ("age < 120", 2, "broken"),
        ("complete: name", 1, "broken"),
    ]
    assert step("check_data", table=PEOPLE, rules="age < 120", tolerated=0.5).json("metrics")["broken_rules"] == 0


def test_check_data_can_stop_the_pipeline(step: Step) -> None:
    error = step.error("check_data", table=PEOPLE, rules="age < 120\nid > 0", stop=True)
    assert error == "1 of 2 rules are broken: age < 120."
    assert "There are no rules" in step.error("check_data", table=PEOPLE, rules="# nothing")
    assert "is no condition" in step.error("check_data", table=PEOPLE, rules="age + 1")
    assert "did you mean `name`" in step.error("check_data", table=PEOPLE, rules="unique: nam")


def test_detect_drift_finds_the_column_that_moved(step: Step) -> None:
    before = step("example_data", rows=2000).table()
    now = step("example_data", rows=2000, seed=3).table().with_columns(pl.col("age") + 15)
    made = step("detect_drift", reference=before, current=now, columns="age, plan, support_calls")
    found = made.table("result")
    assert found["column"][0] == "age"
    assert found["drifted"].to_list() == [True, False, False]
    assert made.json("metrics")["drifted_columns"] == 1
    assert step.error("detect_drift", reference=before, current=now, columns="age", stop=True) == (
        "1 of 1 columns have drifted: age."
    )


def test_detect_drift_counts_new_values_and_gaps(step: Step) -> None:
    before = pl.DataFrame({"x": ["a", "b"] * 50, "n": [1.0, 2.0] * 50})
    now = pl.DataFrame({"x": ["a", "c"] * 50, "n": [None, 2.0] * 50})
    assert step("detect_drift", reference=before, current=now).table("result")["drift"].min() > 1
    assert "no column in common" in step.error("detect_drift", reference=before, current=pl.DataFrame({"y": [1]}))
