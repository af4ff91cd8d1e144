from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from step import run
from tables import write_table

TOPICS = {
    "billing": ["invoice", "charged twice", "refund", "credit card", "payment", "the amount on my bill"],
    "delivery": ["parcel", "tracking number", "courier", "delayed", "wrong address", "has not arrived"],
    "login": ["password", "cannot sign in", "account locked", "reset link", "two-factor code", "username"],
    "product": ["broken", "does not turn on", "battery", "spare part", "manual", "warranty"],
}
OPENINGS = ["Hello, ", "Hi there, ", "Please help: ", "Good morning, ", "For the third time: ", ""]
FRAMES = [
    "I have a question about {a} and {b}.",
    "there is a problem with {a}, it says {b}.",
    "can you look into {a}? I was told {b}.",
    "my {a} is not right since Monday. Also {b}.",
    "{a}. Nobody answers my mails about {b}.",
]


def example_data(kind: str, rows: int, shift: float, faults: float, seed: int, result: Path) -> None:
    """Made-up but lifelike rows, the same ones for the same seed."""
    random = np.random.default_rng(seed)
    if kind == "daily_sales":
        frame = _daily_sales(random, rows)
    elif kind == "messages":
        frame = _messages(random, rows)
    else:
        frame = _spoilt(random, _customers(random, rows, shift), faults)
    write_table(frame, result, kind.replace("_", " "))


def _daily_sales(random: np.random.Generator, days: int) -> pl.DataFrame:
    first = date(2023, 1, 1)
    dates = [first + timedelta(days=day) for day in range(days)]
    day = np.arange(days)
    weekday = np.array([1.0, 0.95, 0.97, 1.02, 1.2, 1.45, 0.7])[[each.weekday() for each in dates]]
    season = 1 + 0.18 * np.sin(2 * np.pi * (day - 80) / 365.25)
    december = np.array([1.35 if each.month == 12 and each.day < 25 else 1.0 for each in dates])
    temperature = 11 + 9 * np.sin(2 * np.pi * (day - 110) / 365.25) + random.normal(0, 2.5, days)
    promotion = random.random(days) < 0.08
    sales = (180 + 0.09 * day) * weekday * season * december * (1 + 0.25 * promotion) + random.normal(0, 9, days)
    columns = {
        "date": dates,
        "sales": sales.round(1),
        "temperature": temperature.round(1),
        "promotion": promotion,
    }
    return pl.DataFrame(columns)


def _customers(random: np.random.Generator, rows: int, shift: float) -> pl.DataFrame:
    age = np.clip(random.normal(44 - 6 * shift, 14, rows), 18, 90).astype(int)
    months = random.exponential(26, rows).astype(int) + 1
    plan = random.choice(["basic", "plus", "pro"], rows, p=_shares(shift))
    price = np.array([{"basic": 12.0, "plus": 24.0, "pro": 49.0}[each] for each in plan])
    spend = (price * random.lognormal(0.1 * shift, 0.25, rows)).round(2)
    calls = random.poisson(1.2 + 0.5 * shift, rows)
    region = random.choice(["north", "south", "east", "west"], rows)
    pull = -1.6 + 0.55 * calls - 0.035 * months - 0.012 * (age - 44) + 0.6 * (plan == "basic")
    left = random.random(rows) < 1 / (1 + np.exp(-pull))
    columns = {
        "customer": np.arange(1, rows + 1),
        "age": age,
        "months": months,
        "plan": plan,
        "region": region,
        "monthly_spend": spend,
        "support_calls": calls,
        "left": np.where(left, "yes", "no"),
    }
    return pl.DataFrame(columns)


def _shares(shift: float) -> list[float]:
    basic = 0.5 - 0.1 * shift
    return [basic, 0.35, 0.65 - basic]


def _spoilt(random: np.random.Generator, frame: pl.DataFrame, share: float) -> pl.DataFrame:
    """Gaps, impossible ages, negative amounts, and rows that stand twice."""
    count = int(frame.height * share)
    if not count:
        return frame
    at = random.choice(frame.height, count, replace=False)
    parts = np.array_split(at, 4)
    index = pl.int_range(frame.height)

    def among(which: int) -> pl.Expr:
        return index.is_in(pl.Series(parts[which], dtype=pl.Int64).implode())

    spoilt = frame.with_columns(
        pl.when(among(0)).then(None).otherwise(pl.col("monthly_spend")).alias("monthly_spend"),
        pl.when(among(1)).then(pl.lit(190)).otherwise(pl.col("age")).alias("age"),
    ).with_columns(
        pl.when(among(2)).then(-pl.col("monthly_spend")).otherwise(pl.col("monthly_spend")).alias("monthly_spend")
    )
    return pl.concat([spoilt, spoilt[sorted(parts[3].tolist())]])


def _messages(random: np.random.Generator, rows: int) -> pl.DataFrame:
    topics = random.choice(list(TOPICS), rows)
    texts = []
    for topic in topics:
        words = list(TOPICS[topic])
        # People mix things up: now and then a word of another topic.
        if random.random() < 0.35:
            words += TOPICS[str(random.choice(list(TOPICS)))]
        a, b = random.choice(words, 2, replace=False)
        texts.append(str(random.choice(OPENINGS)) + str(random.choice(FRAMES)).format(a=a, b=b))
    return pl.DataFrame({"message": texts, "topic": topics})


if __name__ == "__main__":
    run(example_data)
