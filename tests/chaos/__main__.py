"""`python -m tests.chaos [--seed N] [--seconds S] [--variant embedded|distributed]`: the fault test.

Without a seed it takes one, and prints it: with it the same faults come in the same order, at the same moments so far
as the machine is as fast.
"""

import argparse
import random

from tests.chaos.running import VARIANTS, chaos


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description="Kill, cut and stop, then look.")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--seconds", type=float, default=300, help="how long things go wrong, in all")
    parser.add_argument("--variant", choices=VARIANTS, action="append")
    given = parser.parse_args()
    variants = given.variant or list(VARIANTS)
    for variant in variants:
        print(f"{variant}: seed {given.seed}", flush=True)
        seconds = given.seconds / len(variants)
        chaos(variant, given.seed, seconds, number=max(6, int(seconds / 5)))
    print("nothing was lost")


if __name__ == "__main__":
    main()
