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


class Erasure(models.Model):
    """A member asks to be forgotten, or is by somebody who runs the community. Until it is due, it can be taken back."""

    class Words(models.TextChoices):
        REMOVE = "remove"  # what they said goes, too
        KEEP = "keep"  # it stays, without a name

    member_id = models.BigIntegerField()  # of the person; afterwards of the tombstone
    words = models.CharField(max_length=6, choices=Words.choices, default=Words.REMOVE)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)  # who runs the community and did it; null = they themselves, or the house
    reason = models.CharField(max_length=200, blank=True, default="")
    taken_back_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    traces = models.JSONField(default=list)  # [[id, when it joined], …]: by which a house that was restored knows them again

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member_id"], condition=models.Q(taken_back_at__isnull=True, done_at__isnull=True), name="erasure_open_once"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="erasure_due", condition=models.Q(taken_back_at__isnull=True, done_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"erasure of {self.member_id}"
