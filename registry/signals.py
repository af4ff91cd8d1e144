"""What other apps may want to know of; registry itself imports none of them."""

from django.dispatch import Signal

workspace_created = Signal()
"""Sent within the transaction, with `workspace`, once its built-in components are registered."""
compute_changed = Signal()
"""Sent with `target` after its limits may have changed."""
