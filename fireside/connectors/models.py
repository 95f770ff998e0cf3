"""What was brought in, and how far."""

from django.db import models
from django.db.models import F, Q


class ImportRun(models.Model):
    """One run of an import: its counts and where the rejected records lie. Running again changes nothing already here.

    `mark` is how many records have been passed; it moves in the transaction that takes them in, so a killed run goes on exactly there.
    """

    importer = models.CharField(max_length=20)  # "zulip", "activity", "members"
    source = models.CharField(max_length=80)
    path = models.CharField(max_length=500)
    form = models.CharField(max_length=20, blank=True, default="")  # "lines", "folder", "export", "csv", "xlsx", "jsonl"
    fingerprint = models.CharField(max_length=64, default="")  # of the files and the options: the same one goes on, another one begins
    job = models.ForeignKey("activity.Job", models.SET_NULL, null=True)
    member_id = models.BigIntegerField(null=True)  # who brought it in; null = the command line
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    mark = models.BigIntegerField(default=0)
    read = models.BigIntegerField(default=0)
    imported = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    reasons = models.JSONField(default=dict)  # {"reason": count}: sums to `rejected`
    counts = models.JSONField(default=dict)  # {"members": 171, "spaces": 32, …}
    bots = models.JSONField(default=list)  # [{"member": 17, "reason": "name", "posts": 1110}, …]: names stay where people are
    rejected_file = models.CharField(max_length=200, blank=True, default="")  # under the data folder
    rejected_bytes = models.BigIntegerField(default=0)  # how much of it belongs to `mark`

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(read=F("imported") + F("unchanged") + F("rejected")), name="import_counts_add_up"),
            models.UniqueConstraint(
                fields=["importer", "source", "fingerprint"], condition=Q(ended_at__isnull=True), name="import_open_once"
            ),
        ]
        indexes = [models.Index(fields=["-id"], name="import_newest")]

    def __str__(self) -> str:
        return f"{self.importer} {self.source}"


class Upload(models.Model):
    """A file that somebody handed in, kept until it has been brought in and for a week after; or one of the machine that was named."""

    key = models.CharField(max_length=40, unique=True)  # in addresses; nobody guesses it
    name = models.CharField(max_length=200)  # as its owner called it
    path = models.CharField(max_length=1000)  # under the data folder
    outside = models.BooleanField(default=False)  # the path of somebody's own file: read, never removed
    size = models.BigIntegerField()
    content = models.CharField(max_length=64, blank=True, default="")  # its SHA-256: the same content is the same source; "" of a path
    member_id = models.BigIntegerField()
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="upload_kept", condition=Q(removed_at__isnull=True))]

    def __str__(self) -> str:
        return self.name


class Renamed(models.Model):
    """What a topic of a source is called there now, when that is not its first name. An empty `topic`: the name was given up."""

    source = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    topic = models.CharField(max_length=250, blank=True)  # its external id here
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="renamed_once")]

    def __str__(self) -> str:
        return f"{self.name} of {self.source}"
