"""The log, and what walks along it."""

from typing import Any

from django.db import models
from django.db.models import Expression, F, Q
from django.db.models.functions import Now

from fireside.lib.errors import Refusal


class WritingTransaction(Expression):
    """The id of the transaction that writes the row: PostgreSQL's xid8 as a number; 0 on SQLite, where writers queue."""

    output_field = models.BigIntegerField()
    allowed_default = True  # neither a column nor a parameter is in it

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return "0", ()

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return "(pg_current_xact_id()::text::bigint)", ()


class Activity(models.Model):
    """One line of the append-only log. Rows are never changed, except that forgetting blanks personal fields.

    Members and spaces live in higher apps, so they are plain ids here: a line outlives what it speaks of.
    `at` is when it happened, `recorded_at` when we learned of it; both UTC.
    """

    kind = models.CharField(max_length=64)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    member_id = models.BigIntegerField(null=True)  # who did it; null = the house
    other_id = models.BigIntegerField(null=True)  # the other member concerned: who was replied to, helped, let in
    space_id = models.BigIntegerField(null=True)
    target_type = models.CharField(max_length=40, blank=True, default="")  # "conversation.post"
    target_id = models.BigIntegerField(null=True)
    parent_id = models.BigIntegerField(null=True)  # what the target is part of: the topic of a post
    via = models.CharField(max_length=12)
    data = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=80, null=True)
    external_id = models.CharField(max_length=200, null=True)
    imported = models.BooleanField(default=False)  # history: no reaction may tell a person or pay a reward
    tx = models.BigIntegerField(db_default=WritingTransaction(), editable=False)

    class Meta:
        verbose_name_plural = "activities"
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="activity_once_per_source"),
            models.CheckConstraint(
                condition=Q(source__isnull=True, external_id__isnull=True) | Q(source__isnull=False, external_id__isnull=False),
                name="activity_source_with_id",
            ),
        ]
        indexes = [
            models.Index(fields=["tx", "id"], name="activity_reading_order"),
            models.Index(fields=["member_id", "-at"], name="activity_of_member", condition=Q(member_id__isnull=False)),
            models.Index(fields=["target_type", "target_id"], name="activity_of_target", condition=Q(target_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class Bookmark(models.Model):
    """How far a reaction has read. Moves in the same transaction as the reaction's effects."""

    reaction = models.CharField(max_length=80, unique=True)
    tx = models.BigIntegerField(default=-(2**62))
    position = models.BigIntegerField(default=0)  # Activity id inside `tx`
    moved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.reaction} at {self.tx}:{self.position}"


class Parked(models.Model):
    """One activity that a reaction could not digest. Tried again later, shown to the operator, never silently lost."""

    reaction = models.CharField(max_length=80)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+")
    error = models.TextField()
    tries = models.PositiveIntegerField(default=1)
    next_try_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)  # digested after all, or given up by an operator

    class Meta:
        verbose_name_plural = "parked"
        constraints = [models.UniqueConstraint(fields=["reaction", "activity"], name="parked_once")]
        indexes = [models.Index(fields=["next_try_at"], name="parked_due", condition=Q(settled_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.reaction} on {self.activity_id}"


class Sweep(models.Model):
    """When a sweep is due next. Claimed by a conditional update, so that each round runs once however many workers there are."""

    name = models.CharField(max_length=80, unique=True)
    due_at = models.DateTimeField()
    ran_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return self.name


class Letter(models.Model):
    """Something that leaves the house: an e-mail, a push, a webhook call. Written with the act, sent by a worker."""

    channel = models.CharField(max_length=20)
    key = models.CharField(max_length=200, unique=True)  # idempotency: the same letter is written and sent once
    member_id = models.BigIntegerField(null=True)
    body = models.JSONField()
    written_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    lease = models.CharField(max_length=40, blank=True, default="")
    tries = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    let_go_at = models.DateTimeField(null=True)  # given up by an operator: it will never leave, and its words are gone
    error = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="letter_due", condition=Q(sent_at__isnull=True, parked_at__isnull=True)),
            models.Index(fields=["-id"], name="letter_unsent", condition=Q(sent_at__isnull=True, let_go_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"


class Job(models.Model):
    """Long work asked for by a person: it shows progress, can be stopped and resumed, and survives its worker."""

    refusal: Refusal | None = None  # no column: why it failed, for the door that waited for it

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        STOPPING = "stopping"
        STOPPED = "stopped"
        DONE = "done"
        FAILED = "failed"

    name = models.CharField(max_length=80)  # a key of activity.jobs.JOBS
    key = models.CharField(max_length=120, blank=True, default="")  # of work that is open once at most: asking twice follows one
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    member_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)  # null = not known
    step = models.CharField(max_length=200, blank=True, default="")  # what it is doing now, a msgid
    counts = models.JSONField(default=dict)
    marks = models.JSONField(default=dict)  # the job's own resume points
    error = models.TextField(blank=True, default="")
    leased_until = models.DateTimeField(null=True)
    lease = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total__isnull=True) | Q(done__lte=F("total")), name="job_done_within_total"),
            models.UniqueConstraint(
                fields=["key"], condition=~Q(key="") & Q(state__in=["waiting", "running", "stopping"]), name="job_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class Beat(models.Model):
    """A worker is alive. Read by /readyz and the operators' page."""

    worker = models.CharField(max_length=80, unique=True)  # host:pid
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker
