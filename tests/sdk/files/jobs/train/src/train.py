import argparse
import pathlib

given = argparse.ArgumentParser()
given.add_argument("--numbers")
given.add_argument("--epochs", type=int)
given.add_argument("--model")
options = given.parse_args()

total = sum(int(line) for line in pathlib.Path(options.numbers).read_text().split())
for epoch in range(options.epochs):
    print("epoch", epoch + 1)
pathlib.Path(options.model, "model.txt").write_text(f"sum {total} after {options.epochs} epochs\n")
