"""What the pages made of many apps keep for themselves."""

from django.db import models


class Leaving(models.Model):
    """The sample is gone from the tables, and its files have still to follow. Written with the removal, gone with the last file."""

    until = models.BigIntegerField()  # the file system's own clock, in nanoseconds: what came later is somebody else's

    def __str__(self) -> str:
        return f"files until {self.until}"


class Takeout(models.Model):
    """An archive that was asked for on a page or by a program: of the whole community, or of one member. It lapses after some days."""

    class Of(models.TextChoices):
        COMMUNITY = "community"
        MEMBER = "member"

    key = models.CharField(max_length=40, unique=True)  # in addresses and of its file; nobody guesses it
    of = models.CharField(max_length=10, choices=Of.choices)
    member_id = models.BigIntegerField()  # who asked, and whose it is
    job_id = models.BigIntegerField(null=True)
    language = models.CharField(max_length=10, blank=True, default="")  # in which a member reads theirs
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    size = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)  # {"rows": 2210, "files": 14}
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["of", "member_id", "-id"], name="takeouts_of_member")]

    def __str__(self) -> str:
        return f"{self.of} for {self.member_id}"


class Arrival(models.Model):
    """A community that came into this house in an archive. Bringing the same archive again changes nothing."""

    seal = models.CharField(max_length=64, unique=True)  # SHA-256 of its manifest
    name = models.CharField(max_length=80)
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)  # the search index and the mirror stand, too

    def __str__(self) -> str:
        return self.name
