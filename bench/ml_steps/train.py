"""Logistic regression on scaled columns."""

import argparse
import pickle

import pandas
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int)
parser.add_argument("--train")
parser.add_argument("--model")
given = parser.parse_args()
frame = pandas.read_csv(given.train)
model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=200, random_state=given.seed))
model.fit(frame.drop(columns="target"), frame.target)
with open(given.model, "wb") as file:
    pickle.dump(model, file)
