"""`python -m portline` is the command `portline`."""

from portline.cli.main import run

run()
