"""What a service says no with: a short code and a sentence for the person who asked."""

from typing import Any


class Refusal(Exception):
    """Something that a user asked for cannot be done; the sentence says why and what would help.

    Pages show the sentence; the API answers `status` with a problem document.
    """

    code = "refused"
    status = 409
    extra: dict[str, Any] = {}
    """What else the problem document tells."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
