"""Three quarters to learn from, one to test with."""

import argparse

import pandas
from sklearn.model_selection import train_test_split

parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int)
for name in ("--data", "--train", "--test"):
    parser.add_argument(name)
given = parser.parse_args()
train, test = train_test_split(pandas.read_csv(given.data), test_size=0.25, random_state=given.seed)
train.to_csv(given.train, index=False)
test.to_csv(given.test, index=False)
