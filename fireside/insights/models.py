"""How far the mirror reaches, and answers already computed."""

from django.db import models


class Segment(models.Model):
    """One immutable Parquet file of the mirror."""

    path = models.CharField(max_length=200, unique=True)  # under settings.MIRROR
    month = models.CharField(max_length=7)  # "2026-11", of the activities inside, in UTC
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    rows = models.BigIntegerField()
    made_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)  # merged into a larger one; the file goes after a grace

    def __str__(self) -> str:
        return self.path


class Answer(models.Model):
    """A metric's answer as of one state of the mirror, so that a page reads it in one query."""

    metric = models.CharField(max_length=60)
    params_key = models.CharField(max_length=64)  # sha256 of the canonical parameters
    params = models.JSONField()
    watermark = models.CharField(max_length=64)  # state of the mirror it was computed on
    body = models.JSONField()
    computed_at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["metric", "params_key"], name="answer_once")]

    def __str__(self) -> str:
        return self.metric
