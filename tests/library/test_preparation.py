"""Changing tables."""

from datetime import date

import polars as pl
import pytest

from .harness import Step

SALES = pl.DataFrame(
    {
        "city": ["Oslo", "Lima", "Oslo", None],
        "item, kind": ["tea", "tea", "cocoa", "tea"],
        "price": [3.0, None, 4.5, 2.5],
        "amount": [10, 20, None, 40],
    }
)
CITIES = pl.DataFrame({"name": ["Oslo", "Lima", "Rome"], "people": [700_000, 10_000_000, 2_800_000]})


def test_select_columns_keeps_the_order_given(step: Step) -> None:
    assert step("select_columns", table=SALES, columns='price, "item, kind"').table().columns == ["price", "item, kind"]
    dropped = step("select_columns", table=SALES, columns="price", mode="drop").table()
    assert dropped.columns == ["city", "item, kind", "amount"]


def test_select_columns_suggests_the_nearest_name(step: Step) -> None:
    assert step.error("select_columns", table=SALES, columns="prcie") == (
        "There is no column `prcie`; did you mean `price`? The columns are `city`, `item, kind`, `price`, `amount`."
    )
    assert step.error("select_columns", table=SALES, columns="").startswith("No columns are named to keep.")


def test_rename_columns_by_pairs_and_style(step: Step) -> None:
    table = pl.DataFrame({"Unit price (EUR)": [1], "cityName": [2], "x": [3]})
    renamed = step("rename_columns", table=table, names="x = Name of it", style="snake_case").table()
    assert renamed.columns == ["unit_price_eur", "city_name", "Name of it"]


def test_rename_columns_refuses_a_name_that_is_taken(step: Step) -> None:
    assert step.error("rename_columns", table=SALES, names="price = amount") == (
        "`price` cannot be named `amount`, since another column has that name."
    )
    assert step.error("rename_columns", table=SALES, names="price") == "`price` is not of the form `column = value`."


def test_filter_rows_by_a_sql_condition(step: Step, dataset) -> None:
    condition = "species = 'setosa' -- a comment\nAND sepal_length_cm > 5.0"
    frame = step("filter_rows", table=dataset("iris"), condition=condition).table()
    iris = dataset("iris")
    assert frame.equals(iris.filter((iris["species"] == "setosa") & (iris["sepal_length_cm"] > 5.0)))


def test_filter_rows_explains_a_wrong_condition(step: Step) -> None:
    assert 'Candidate bindings: "price"' in step.error("filter_rows", table=SALES, condition="prise > 2")
    assert "syntax error" in step.error("filter_rows", table=SALES, condition="price >")
    assert step.error("filter_rows", table=SALES, condition=" ").startswith("The condition is empty")


def test_sql_query_joins_and_keeps_simple_types(step: Step) -> None:
    sql = """
    SELECT city, sum(amount) AS amount, avg(price) * 1.5 AS price, max(people) AS people
    FROM t1 JOIN t2 ON t1.city = t2.name GROUP BY city ORDER BY city
    """
    frame = step("sql_query", t1=SALES, t2=CITIES, sql=sql).table()
    assert frame.rows() == [("Lima", 20, None, 10_000_000), ("Oslo", 10, 5.625, 700_000)]
    assert frame.dtypes == [pl.String, pl.Int64, pl.Float64, pl.Int64]


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("SELECT * FROM read_csv('/etc/passwd')", "file system operations are disabled"),
        ("SELECT * FROM '/etc/passwd'", "does not exist"),
        ("COPY t1 TO '/tmp/stolen.csv'", "must be one SELECT statement"),
        ("SET enable_external_access = true", "must be one SELECT statement"),
        ("SELECT 1; SELECT 2", "must be one SELECT statement"),
        ("INSTALL httpfs", "must be one SELECT statement"),
        ("SELECT * FROM t2", "Table with name t2 does not exist"),
        ("SELECT city, price AS city FROM t1", "two columns `city`"),
        ("", "The query is empty"),
    ],
)
def test_sql_query_is_locked_in(sql: str, sentence: str, step: Step) -> None:
    assert sentence in step.error("sql_query", t1=SALES, sql=sql)


def test_join_tables_on_columns_of_other_names(step: Step) -> None:
    inputs = {"left": SALES, "right": CITIES, "columns": "city", "right_columns": "name"}
    inner = step("join_tables", **inputs).table()
    assert inner["people"].to_list() == [700_000, 10_000_000, 700_000]
    assert step("join_tables", **inputs, how="left").table().height == 4
    assert step("join_tables", **inputs, how="anti").table()["price"].to_list() == [2.5]
    assert step("join_tables", **inputs, how="full").table().height == 5


def test_join_tables_says_why_columns_cannot_match(step: Step) -> None:
    error = step.error("join_tables", left=SALES, right=CITIES, columns="city", right_columns="people")
    assert error.startswith("`city` holds text, but `people` of the right table holds numbers")


def test_group_and_aggregate_counts_rows_and_computes(step: Step) -> None:
    grouped = step("group_and_aggregate", table=SALES, by="city", columns="price", functions="mean, max, count")
    assert grouped.table().to_dicts() == [
        {"city": None, "rows": 1, "price_mean": 2.5, "price_max": 2.5, "price_count": 1},
        {"city": "Lima", "rows": 1, "price_mean": None, "price_max": None, "price_count": 0},
        {"city": "Oslo", "rows": 2, "price_mean": 3.75, "price_max": 4.5, "price_count": 2},
    ]
    assert step("group_and_aggregate", table=SALES).table().rows() == [(4, 10 / 3, 70 / 3)]


def test_group_and_aggregate_rejects_what_cannot_be_computed(step: Step) -> None:
    error = step.error("group_and_aggregate", table=SALES, columns="city", functions="mean")
    assert error == "The column `city` holds text, but the function `mean` needs numbers."
    assert "did you mean `median`?" in step.error("group_and_aggregate", table=SALES, functions="medain")


def test_sort_rows_keeps_ties_in_order(step: Step) -> None:
    frame = step("sort_rows", table=SALES, columns='"item, kind", price', descending=True).table()
    assert frame["price"].to_list() == [3.0, 2.5, None, 4.5]
    assert "There is no column `x`" in step.error("sort_rows", table=SALES, columns="x")


def test_sample_rows_is_seeded_and_keeps_order(step: Step, dataset) -> None:
    digits = dataset("digits")
    one, two, other = (step("sample_rows", table=digits, seed=seed).table() for seed in (1, 1, 2))
    assert one.equals(two)
    assert not one.equals(other)
    assert one.height == 180
    last = step("sample_rows", table=digits, method="last", count=7).table()
    assert last.equals(digits.tail(7))
    assert step("sample_rows", table=digits, method="count", count=99_999).table().equals(digits)


def test_sample_rows_rejects_what_is_no_table(step: Step, tmp_path) -> None:
    assert "is not a table" in step.error("sample_rows", table=tmp_path)


def test_clean_missing_values_by_default_fills_each_kind(step: Step) -> None:
    frame = step("clean_missing_values", table=SALES).table()
    assert frame["city"].to_list() == ["Oslo", "Lima", "Oslo", "Oslo"]
    assert frame["price"].to_list() == [3.0, 3.0, 4.5, 2.5]


def test_clean_missing_values_drops_rows_or_columns(step: Step) -> None:
    assert step("clean_missing_values", table=SALES, method="drop_rows").table().height == 1
    kept = step("clean_missing_values", table=SALES, method="drop_columns", columns="city, price").table()
    assert kept.columns == ["item, kind", "amount"]
    constant = step("clean_missing_values", table=SALES, method="constant", columns="amount", value="7").table()
    assert constant["amount"].to_list() == [10, 20, 7, 40]
    previous = step("clean_missing_values", table=SALES, method="previous").table()
    assert previous["city"].to_list()[-1] == "Oslo"


def test_clean_missing_values_says_what_cannot_be_filled(step: Step) -> None:
    error = step.error("clean_missing_values", table=SALES, method="mean", columns="city")
    assert error == "The column `city` holds text, so it has no mean."
    error = step.error("clean_missing_values", table=SALES, method="constant", columns="price", value="x")
    assert error == "`x` cannot fill the column `price`, which holds numbers."


def test_convert_types_between_text_numbers_and_dates(step: Step) -> None:
    table = pl.DataFrame({"n": [" 1", "2.0", "12345678901234567"], "d": ["05.01.2024", "30.11.2023", None]})
    numbers = step("convert_types", table=table, columns="n", to="integer").table()
    assert numbers["n"].to_list() == [1, 2, 12345678901234567]
    dates = step("convert_types", table=table, columns="d", to="date", format="%d.%m.%Y").table()
    assert dates["d"].to_list() == [date(2024, 1, 5), date(2023, 11, 30), None]
    flags = step("convert_types", table=pl.DataFrame({"f": ["Yes", "0", "TRUE"]}), columns="f", to="boolean").table()
    assert flags["f"].to_list() == [True, False, True]


def test_convert_types_names_the_value_that_does_not_fit(step: Step) -> None:
    table = pl.DataFrame({"n": ["1", "two", "3"]})
    error = step.error("convert_types", table=table, columns="n", to="integer")
    assert error.startswith("`two` in row 2 of the column `n` is not a whole number")
    frame = step("convert_types", table=table, columns="n", to="integer", invalid="missing").table()
    assert frame["n"].to_list() == [1, None, 3]
    error = step.error("convert_types", table=SALES, columns="price", to="date")
    assert error.startswith("The column `price` holds numbers, which cannot become a date; ")


def test_normalise_brings_columns_to_one_scale(step: Step, dataset) -> None:
    wine = step("normalise", table=dataset("wine")).table()
    assert abs(wine["proline"].mean()) < 1e-9
    assert abs(wine["proline"].std(ddof=0) - 1) < 1e-9
    ranged = step("normalise", table=dataset("wine"), method="min_max", columns="alcohol").table()
    assert (ranged["alcohol"].min(), ranged["alcohol"].max()) == (0, pytest.approx(1))
    robust = step("normalise", table=dataset("wine"), method="robust", columns="alcohol").table()
    assert abs(robust["alcohol"].median()) < 1e-9


def test_normalise_needs_numbers(step: Step) -> None:
    error = step.error("normalise", table=SALES, columns="city")
    assert error == "The column `city` holds text, but normalising needs numbers."


def test_encode_categories_one_hot_and_ordinal(step: Step) -> None:
    frame = step("encode_categories", table=SALES, columns="city").table()
    assert frame.columns == ["city_Lima", "city_Oslo", "item, kind", "price", "amount"]
    assert frame["city_Oslo"].to_list() == [1, 0, 1, 0]
    ranks = step("encode_categories", table=SALES, columns="city", method="ordinal").table()
    assert ranks["city"].to_list() == [1, 0, 1, None]
    few = step("encode_categories", table=CITIES, max_categories=2).table()
    assert few.columns == ["name_Lima", "name_other", "people"]
    assert few["name_other"].to_list() == [1, 0, 1]


def test_encode_categories_needs_text(step: Step) -> None:
    assert "no column of text" in step.error("encode_categories", table=SALES.select("price"))


def test_remove_duplicates_by_column(step: Step) -> None:
    assert step("remove_duplicates", table=SALES, columns="city").table()["amount"].to_list() == [10, 20, 40]
    alone = step("remove_duplicates", table=SALES, columns="city", keep="none").table()
    assert alone["city"].to_list() == ["Lima", None]
    assert "did you mean `city`?" in step.error("remove_duplicates", table=SALES, columns="City")


def test_append_rows_matches_columns_by_name(step: Step) -> None:
    more = pl.DataFrame({"amount": [1.5], "city": ["Rome"]})
    frame = step("append_rows", table1=SALES, table2=more, table3=more).table()
    assert frame.height == 6
    assert frame["amount"].to_list()[-1] == 1.5
    common = step("append_rows", table1=SALES, table2=more, columns="common").table()
    assert common.columns == ["city", "amount"]


def test_append_rows_names_the_columns_that_differ(step: Step) -> None:
    error = step.error("append_rows", table1=SALES, table2=SALES.drop("price"), columns="same")
    assert error == "Table 1 and table 2 do not both have `price`."


def test_add_column_by_an_expression(step: Step) -> None:
    frame = step("add_column", table=SALES, name="total", expression="price * amount -- product").table()
    assert frame["total"].to_list() == [30.0, None, None, 100.0]
    share = step("add_column", table=SALES, name="amount", expression="amount / sum(amount) OVER ()", replace=True)
    assert share.table()["amount"].sum() == pytest.approx(1)


def test_add_column_explains_mistakes(step: Step) -> None:
    error = step.error("add_column", table=SALES, name="price", expression="1")
    assert error == "There is already a column `price`; choose another name for the new one."
    assert "one value for all rows" in step.error("add_column", table=SALES, name="m", expression="max(price)")


def test_split_data_divides_rows_without_loss(step: Step, dataset) -> None:
    outcome = step("split_data", table=dataset("iris"), train_share=0.7, stratify="species", seed=3)
    train, test = outcome.table("train"), outcome.table("test")
    assert (train.height, test.height) == (105, 45)
    assert set(test["species"].value_counts()["count"]) == {15}
    assert pl.concat([train, test]).sort(pl.all()).equals(dataset("iris").sort(pl.all()))
    again = step("split_data", table=dataset("iris"), train_share=0.7, stratify="species", seed=3)
    assert again.table("test").equals(test)


def test_split_data_without_stratification(step: Step, dataset) -> None:
    one, other = (step("split_data", table=dataset("wine"), seed=seed) for seed in (0, 1))
    assert (one.table("train").height, one.table("test").height) == (142, 36)
    assert not one.table("test").equals(other.table("test"))


def test_split_data_needs_rows_for_both_parts(step: Step) -> None:
    assert "cannot be split" in step.error("split_data", table=SALES.head(1))
    assert "would get no rows" in step.error("split_data", table=SALES.head(2), train_share=0.99)


def test_summarise_data_describes_each_column(step: Step) -> None:
    outcome = step("summarise_data", table=SALES)
    profile = {row["column"]: row for row in outcome.table("profile").to_dicts()}
    assert profile["price"]["missing"] == 1
    assert profile["price"]["median"] == 3.0
    assert profile["city"]["most_frequent"] == "Oslo"
    assert profile["city"]["distinct"] == 2
    assert outcome.json("summary")["missing_values"] == 3
    assert {row["column"] for row in outcome.json("chart")["data"]["values"]} == {"price", "amount"}


def test_summarise_data_needs_columns(step: Step) -> None:
    assert step.error("summarise_data", table=pl.DataFrame()) == "The table has no columns to summarise."
