"""People, the workspaces they share, and the tokens their programs use."""

import hashlib
import secrets

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone


class User(AbstractUser):
    """A person with an account. What they may do depends on their membership in each workspace."""

    class Theme(models.TextChoices):
        SYSTEM = "system"
        LIGHT = "light"
        DARK = "dark"

    theme = models.CharField(max_length=6, choices=Theme, default=Theme.SYSTEM)

    @property
    def shown_name(self) -> str:
        """The full name, or the user name where none was given."""
        return self.get_full_name() or self.get_username()

    @property
    def color(self) -> str:
        """The hue in which others see this person on a canvas, always the same one."""
        hues = ("#0077bb", "#ee7733", "#009988", "#cc3311", "#aa4499", "#997700", "#332288", "#117733")
        return hues[self.pk % len(hues)]


class Workspace(models.Model):
    """What a team shares. Every other row belongs to exactly one."""

    slug = models.SlugField(unique=True, help_text="as it stands in addresses")
    name = models.CharField(max_length=100)
    members = models.ManyToManyField(User, through="Membership", related_name="workspaces")
    library_digest = models.CharField(
        max_length=64, blank=True, help_text="of the built-in components when they were last registered here"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in a workspace; `registry.policy` says what each role may do."""

    class Role(models.TextChoices):
        OWNER = "owner"
        EDITOR = "editor"
        VIEWER = "viewer"

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=6, choices=Role, default=Role.EDITOR)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_a_workspace")]


def every_scope() -> list[str]:
    return list(ApiToken.Scope.values)


class ApiToken(models.Model):
    """A secret for programs, kept only as a hash. It acts as its user, but does only what its scopes say, and where
    it is limited to a workspace, only there."""

    PREFIX = "plt_"

    class Scope(models.TextChoices):
        """The actions of `registry.policy`. Every token may look."""

        VIEW = "view", "Look at everything"
        EDIT = "edit", "Change pipelines, components and data"
        RUN = "run", "Start and stop runs"
        MANAGE = "manage", "Manage members, compute targets and workspaces"

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, help_text="its first characters, to tell tokens apart")
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=every_scope, help_text="what it may do, as far as its user may")
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, null=True, blank=True, related_name="+", help_text="the only one it works in"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    @classmethod
    def new_secret(cls) -> str:
        return cls.PREFIX + secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(secret: str) -> str:
        """SHA-256 suffices: the secret is 32 random bytes, so there is nothing to guess."""
        return hashlib.sha256(secret.encode()).hexdigest()

    def may(self, action: str) -> bool:
        """Whether its scopes have an action of `registry.policy`; what its user may do is another question."""
        return action == self.Scope.VIEW or action in self.scopes

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


class LoginFailure(models.Model):
    """A log-in that failed; many of them from one place pause further tries (`registry.services.login`)."""

    account = models.CharField(max_length=150, help_text="as it was typed, in small letters")
    address = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        # Counted at each log-in, and swept by age.
        indexes = [models.Index(fields=["account", "address", "at"], name="login_failures_of_a_place")]
