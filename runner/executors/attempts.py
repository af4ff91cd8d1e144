"""One attempt at a step, from claim to commit."""

import logging

log = logging.getLogger("portline.worker")


def run_attempt(step_id: int) -> None:
    raise NotImplementedError
