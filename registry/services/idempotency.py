"""Answers that are kept for requests that may be sent again."""

from datetime import timedelta

from django.utils import timezone

from registry.models import KeptAnswer, User
from registry.refusal import Refusal

KEPT = timedelta(hours=24)
ANSWERING = timedelta(minutes=10)
"""Who has not answered by then never will: its process is gone."""


class KeyReused(Refusal):
    """A key names one request."""

    code = "key_reused"
    status = 422


class StillAnswering(Refusal):
    """Two requests with one key came at the same time."""

    code = "still_answering"


def answer_claim(*, user: User, key: str, digest: str) -> tuple[KeptAnswer, bool]:
    """A row to keep the answer in, and True; or the answer that there is, and False.

    Raises KeyReused for a key of another request, StillAnswering while the first one is not done.
    """
    kept, mine = KeptAnswer.objects.get_or_create(user=user, key=key, defaults={"digest": digest})
    if mine:
        return kept, True
    if _over(kept):
        # Whoever changes the time it was claimed at has it.
        now = timezone.now()
        taken = KeptAnswer.objects.filter(pk=kept.pk, claimed_at=kept.claimed_at)
        if taken.update(digest=digest, status=None, body="", claimed_at=now):
            kept.claimed_at = now
            return kept, True
        return answer_claim(user=user, key=key, digest=digest)
    if kept.digest != digest:
        raise KeyReused("This Idempotency-Key was sent with another request; use a new one for each.")
    if kept.status is None:
        raise StillAnswering("The first request with this Idempotency-Key is being answered; ask again in a moment.")
    return kept, False


def answer_keep(*, kept: KeptAnswer, status: int, body: str) -> None:
    """To be given again; unless somebody else has claimed the key meanwhile."""
    KeptAnswer.objects.filter(pk=kept.pk, claimed_at=kept.claimed_at).update(status=status, body=body)


def answer_release(*, kept: KeptAnswer) -> None:
    """Nothing was done: the key is free."""
    KeptAnswer.objects.filter(pk=kept.pk, claimed_at=kept.claimed_at).delete()


def answers_forget(*, dry: bool = False) -> int:
    """Delete those that nobody is given any more, or only count them."""
    expired = KeptAnswer.objects.filter(claimed_at__lt=timezone.now() - KEPT)
    return expired.count() if dry else expired.delete()[0]


def _over(kept: KeptAnswer) -> bool:
    return timezone.now() - kept.claimed_at > (ANSWERING if kept.status is None else KEPT)
