"""What Portline holds of memory and how soon it answers: `python bench/memory.py`.

Starts a server of its own with an empty data folder; starts it again, set up by then, some times until it answers; and
reads what the processes hold after runs of the ML pipeline (PSS: what is shared counts in part). With
`URL USER PASSWORD` the memory of that server is read instead, and nothing is started.
"""

import argparse
import statistics
import time

import ml
from client import Server, Table, make, ms, timed
from serving import PASSWORD, USER, data_dir, held_by, served

STARTS = 5
SETTLED_SECONDS = 3.0
MOST = 500_000_000


def after_ml(server: Server) -> Table:
    server.register(ml.components())
    made = make(server, ml.pipeline())
    for seed in range(3):
        timed(server, made, {"seed": int(time.time()) + seed})
    time.sleep(SETTLED_SECONDS)
    found = held_by(server.url)
    total = sum(held.memory for held in found)
    rows = [
        (what, str(len(of)), f"{sum(of) / 1e6:.0f}")
        for what in dict.fromkeys(held.what for held in found)
        if (of := [held.memory for held in found if held.what == what])
    ]
    rows.append(("all", str(len(found)), f"{total / 1e6:.0f}"))
    targets = [(f"at most 500 MB after an ML run: {total / 1e6:.0f} MB", total <= MOST)]
    return Table("Memory after an ML run", ("processes", "how many", "MB (PSS)"), rows, targets)


def starts() -> Table:
    with data_dir() as folder:
        with served(folder) as first:
            taken = [first.seconds]
        for _ in range(STARTS):
            with served(folder) as found:
                taken.append(found.seconds)
    again = statistics.median(taken[1:])
    rows = [
        ("empty data folder", ms(taken[0])),
        (f"set up already, median of {STARTS}", ms(again)),
        ("set up already, most", ms(max(taken[1:]))),
    ]
    targets = [(f"cold start of an already set-up server under 3 s: {ms(again)}", again < 3)]
    return Table("Cold start", ("server", "until it answers"), rows, targets)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("url", "user", "password"):
        parser.add_argument(name, nargs="?")
    given = parser.parse_args()
    if given.url:
        print(after_ml(Server(given.url, given.user, given.password)).markdown())
        return
    print(starts().markdown())
    with data_dir() as folder, served(folder) as found:
        print(after_ml(Server(found.url, USER, PASSWORD)).markdown())


if __name__ == "__main__":
    main()
