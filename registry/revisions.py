"""Changes that are made only to the revision that their sender saw."""

from registry.refusal import Refusal


class Outdated(Refusal):
    """`If-Match` named another revision than the one there is."""

    code = "outdated"
    status = 412

    def __init__(self, revision: int) -> None:
        super().__init__(
            f"This is at revision {revision}, which is not the one that If-Match names: somebody changed it. "
            "Read it again and apply your change to that."
        )
        self.extra = {"rev": revision}


def check_revision(expected: frozenset[int] | None, revision: int) -> None:
    """Raises Outdated where the revision is none of those expected; None expects any."""
    if expected is not None and revision not in expected:
        raise Outdated(revision)
