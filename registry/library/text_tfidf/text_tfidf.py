from pathlib import Path

import polars as pl
from columns import check_column, new_column
from sklearn.feature_extraction.text import TfidfVectorizer
from step import UserError, run
from tables import kind_of, read_table, write_table


def text_tfidf(
    table: Path,
    column: str,
    result: Path,
    terms: Path,
    max_features: int = 100,
    min_rows: int = 1,
    phrases: int = 1,
    stop_words: bool = True,
    keep: bool = True,
) -> None:
    """Turn a column of text into numbers: how often each word occurs, rare words counting more."""
    frame = read_table(table)
    check_column(frame.columns, column)
    if kind_of(frame.schema[column]) != "text":
        raise UserError(f"The column `{column}` holds {kind_of(frame.schema[column])}, not text.")
    texts = frame[column].cast(pl.String).fill_null("").to_list()
    vectorizer = TfidfVectorizer(
        max_features=max_features,
        min_df=min_rows,
        ngram_range=(1, phrases),
        stop_words="english" if stop_words else None,
    )
    try:
        weights = vectorizer.fit_transform(texts)
    except ValueError:
        raise UserError(f"The column `{column}` has no words left to count; loosen the settings.") from None
    words = vectorizer.get_feature_names_out().tolist()
    kept = frame.drop(column) if keep else frame.select([])
    names = [new_column(kept.columns, f"tfidf_{word}") for word in words]
    scores = pl.DataFrame(weights.toarray(), schema=names)
    print(f"Found {len(words):,} terms in {len(texts):,} texts.")
    write_table(pl.concat([kept, scores], how="horizontal"), result)
    counts = (weights > 0).sum(axis=0).A1.tolist()
    listed = pl.DataFrame({"term": words, "rows": counts, "rarity": vectorizer.idf_})
    write_table(listed.sort(["rows", "term"], descending=[True, False]), terms, "the terms")


if __name__ == "__main__":
    run(text_tfidf)
