"""Answers to requests that may be sent again."""

from django.db import models
from django.utils import timezone

from registry.models.access import User


class KeptAnswer(models.Model):
    """The answer to a POST that came with an `Idempotency-Key` (`registry.idempotency`)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, help_text="of the request that it stands for")
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="null while it is being answered")
    body = models.TextField(blank=True, help_text="the answer's JSON")
    claimed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_a_key")]
        # Swept by age.
        indexes = [models.Index(fields=["claimed_at"], name="kept_answers_by_age")]
