"""What steps logged with MLflow."""

from django.db import models

from runner.models.steps import Attempt


class Tracking(models.Model):
    """What one attempt logged: `{params, tags, metrics, models, children}`, as `runner.executors.mlflow_reading` says.

    Files that it logged are among the step's artifacts.
    """

    attempt = models.OneToOneField(Attempt, models.CASCADE, primary_key=True, related_name="tracking")
    data = models.JSONField(default=dict)
