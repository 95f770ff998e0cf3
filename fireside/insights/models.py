"""How far the mirror reaches, of which files it is made, and answers already computed."""

from django.db import models
from django.db.models import Q


class Mirror(models.Model):
    """Where the mirror stands: one row. Moves in the same transaction as the segments it speaks of.

    The place in the log is the id of the last line taken, not its transaction: a restored PostgreSQL renumbers those.
    """

    last_line = models.BigIntegerField(null=True)  # null = nothing taken yet
    rows = models.BigIntegerField(default=0)
    time_zone = models.CharField(max_length=64, default="UTC")  # in which `day` was cut
    kinds = models.CharField(max_length=64, blank=True, default="")  # fingerprint of what the rollups count
    moved_at = models.DateTimeField(null=True)  # last time it was brought up to date
    people_stale = models.BooleanField(default=True)
    people_ms = models.PositiveIntegerField(default=0)  # what the last copy of the people cost: sets the pace of the next
    rebuild_asked_at = models.DateTimeField(null=True)  # when a job was last asked to make a large mirror anew
    moves = models.BigIntegerField(default=0)  # goes up with every change: the version of the data

    class Meta:
        verbose_name_plural = "mirrors"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="mirror_is_one")]

    def __str__(self) -> str:
        return f"mirror at {self.last_line}"


class Segment(models.Model):
    """One immutable Parquet file of the mirror. A file without a row is rubbish."""

    class Part(models.TextChoices):
        ACTIVITY = "activity"  # lines of the log
        PEOPLE = "people"  # who is who: member -> person
        MEMBER_DAY = "member_day"  # rollup: acts that count, by member and day
        MEMBER_SPACE_DAY = "member_space_day"  # rollup: acts by member, space, day and kind

    part = models.CharField(max_length=16, choices=Part.choices, default=Part.ACTIVITY)
    path = models.CharField(max_length=200, unique=True)  # under settings.MIRROR
    month = models.CharField(max_length=7, blank=True, default="")  # "2026-11", of the days inside; "" for people
    bucket = models.PositiveSmallIntegerField(null=True)  # of the members' hash, where a month is large
    first_id = models.BigIntegerField(default=0)
    last_id = models.BigIntegerField(default=0)
    rows = models.BigIntegerField()
    of_rows = models.BigIntegerField(default=0)  # a rollup: how many lines of the log it was made of
    made_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)  # merged into a larger one or made anew; the file goes after a grace

    class Meta:
        indexes = [models.Index(fields=["part", "month"], name="segment_live", condition=Q(replaced_at__isnull=True))]

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
    standing = models.BooleanField(default=False)  # kept fresh by the worker; others lapse after a day

    class Meta:
        constraints = [models.UniqueConstraint(fields=["metric", "params_key"], name="answer_once")]

    def __str__(self) -> str:
        return self.metric
