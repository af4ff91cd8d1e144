"""What a component written in the browser begins with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Starter:
    name: str
    title: str
    file: str
    text: str


STARTERS = {
    "function": Starter(
        "count_values",
        "Count values",
        "count_values.py",
        '''\
from typing import Literal

import polars as pl
from portline import Input, Output


def count_values(
    table: Input(type="uri_file"),
    counts: Output(type="uri_file"),
    column: str,
    order: Literal["most frequent", "alphabet"] = "most frequent",
    at_least: int = 1,
) -> int:
    """Count how often each value of a column occurs.

    Args:
        table: A CSV file.
        counts: The values and their counts, as CSV.
        column: The column to look at.
        order: Which values come first.
        at_least: Leave out values that occur less often.

    Returns:
        output: The number of different values.
    """
    found = pl.read_csv(table)[column].value_counts(name="count").filter(pl.col("count") >= at_least)
    found = found.sort(["count", column], descending=[True, False]) if order == "most frequent" else found.sort(column)
    print(f"{found.height} different values in {column}")
    found.write_csv(counts)
    return found.height
''',
    ),
    "script": Starter(
        "count_words",
        "Count words",
        "count_words.py",
        """\
import argparse
import collections
import pathlib

parser = argparse.ArgumentParser(description="Count the words of a text.")
parser.add_argument("--text_file", type=pathlib.Path, required=True, help="The text to read")
parser.add_argument("--shortest", type=int, default=1, help="Leave out words with fewer letters")
parser.add_argument("--case", choices=["ignore", "keep"], default="ignore", help="What to do about capitals")
parser.add_argument("--output_file", type=pathlib.Path, required=True, help="Where to write the counts, as CSV")
options = parser.parse_args()

words = options.text_file.read_text().split()
if options.case == "ignore":
    words = [word.lower() for word in words]
counts = collections.Counter(word for word in words if len(word) >= options.shortest)
print(len(counts), "different words")
lines = ["word,count", *(f'"{word}",{count}' for word, count in counts.most_common())]
options.output_file.write_text("\\n".join(lines) + "\\n")
""",
    ),
}
