"""Whether the model is good enough."""

import argparse
import json

parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int)
parser.add_argument("--metrics")
parser.add_argument("--report")
given = parser.parse_args()
with open(given.metrics) as file:
    metrics = json.load(file)
with open(given.report, "w") as file:
    json.dump({"metrics": metrics, "passed": metrics["accuracy"] > 0.9, "seed": given.seed}, file)
