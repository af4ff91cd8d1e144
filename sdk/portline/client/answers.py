"""What the server answers: a dictionary whose keys are attributes too, as the entities of azure.ai.ml have them."""

from typing import Any


class Answer(dict[str, Any]):
    """`job["status"]` and `job.status` are the same. What the answer does not hold is an AttributeError."""

    def __getattr__(self, name: str) -> Any:
        try:
            return answer(self[name])
        except KeyError:
            known = ", ".join(sorted(self)) or "nothing"
            raise AttributeError(f"this answer has no `{name}`; it has {known}") from None


def answer(value: Any) -> Any:
    """A value of JSON with its objects made Answers; lists hold them too."""
    if isinstance(value, Answer):
        return value
    if isinstance(value, dict):
        return Answer(value)
    if isinstance(value, list):
        return [answer(item) for item in value]
    return value
