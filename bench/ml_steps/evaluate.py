"""How well the model does on the rows that it has not seen."""

import argparse
import json
import pickle

import pandas
from sklearn.metrics import accuracy_score, roc_auc_score

parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int)
for name in ("--model", "--test", "--metrics"):
    parser.add_argument(name)
given = parser.parse_args()
frame = pandas.read_csv(given.test)
columns = frame.drop(columns="target")
with open(given.model, "rb") as file:
    model = pickle.load(file)
found = {
    "accuracy": float(accuracy_score(frame.target, model.predict(columns))),
    "auc": float(roc_auc_score(frame.target, model.predict_proba(columns)[:, 1])),
    "rows": len(frame),
    "seed": given.seed,
}
with open(given.metrics, "w") as file:
    json.dump(found, file)
