"""A table of 569 rows from scikit-learn, in an order of its own for each seed."""

import argparse

from sklearn.datasets import load_breast_cancer

parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int)
parser.add_argument("--data")
given = parser.parse_args()
frame = load_breast_cancer(as_frame=True).frame
frame.sample(frac=1, random_state=given.seed).to_csv(given.data, index=False)
