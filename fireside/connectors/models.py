"""What was brought in, and how far."""

from django.db import models


class ImportRun(models.Model):
    """One run of an import: its counts and where the rejected rows lie. Running again changes nothing already here."""

    importer = models.CharField(max_length=20)  # "zulip", "activity", "members"
    source = models.CharField(max_length=80)
    path = models.CharField(max_length=500)
    job = models.ForeignKey("activity.Job", models.SET_NULL, null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    read = models.BigIntegerField(default=0)
    imported = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    reasons = models.JSONField(default=dict)  # {"reason": count}: sums to `rejected`
    counts = models.JSONField(default=dict)  # {"members": 171, "spaces": 32, …}
    rejected_file = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.importer} {self.source}"
