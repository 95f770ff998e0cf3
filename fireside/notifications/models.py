"""What members are told."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """One thing one member is told. Written by a reaction from the log; the kind's sentence is rendered at reading."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    activity = models.ForeignKey("activity.Activity", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=64)
    actor_id = models.BigIntegerField(null=True)
    named = models.BooleanField(default=False)  # it speaks to the member by name or by their role
    thing = models.CharField(max_length=60)  # what it is about (rules.thing_of): notices of one kind on one thing are one row
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)  # the bell was opened
    read_at = models.DateTimeField(null=True)  # the thing itself was opened

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "activity"], name="notice_once")]
        indexes = [
            models.Index(fields=["member", "-id"], name="notice_of_member"),
            models.Index(fields=["member"], name="notice_unseen", condition=Q(seen_at__isnull=True)),
            models.Index(fields=["member", "thing"], name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["member", "kind", "thing"], name="notice_groups"),
            models.Index(fields=["member", "-id"], name="notice_mentions", condition=Q(named=True)),
            models.Index(fields=["seen_at"], name="notice_old", condition=Q(seen_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.member_id}"


class Unwanted(models.Model):
    """A kind of notice that a member does not wish to see in the bell. Whatever has no row is told."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "kind"], name="unwanted_once")]

    def __str__(self) -> str:
        return f"no {self.kind} for {self.member_id}"
