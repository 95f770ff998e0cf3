"""What members are told."""

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce


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
    letter_due_at = models.DateTimeField(null=True)  # when it is decided whether an e-mail tells of it; null = decided, or there is none

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "activity"], name="notice_once")]
        indexes = [
            models.Index(fields=["member", "-id"], name="notice_of_member"),
            models.Index(fields=["member"], name="notice_unseen", condition=Q(seen_at__isnull=True)),
            models.Index(fields=["member", "thing"], name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["member", "kind", "thing"], name="notice_groups"),
            models.Index(fields=["member", "-id"], name="notice_mentions", condition=Q(named=True)),
            models.Index(fields=["seen_at"], name="notice_old", condition=Q(seen_at__isnull=False)),
            models.Index(fields=["letter_due_at", "member"], name="notice_letter_due", condition=Q(letter_due_at__isnull=False)),
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


class TellingChoice(models.Model):
    """How somebody wants to be told outside these pages, as far as they chose; the row without a member is what the community proposes."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")  # a person
    email = models.BooleanField(null=True)  # letters about notices at all; null = not chosen, here and below
    kinds = models.JSONField(default=dict)  # {"email": {"conversation.thanked": false}}: by the way it goes and the kind
    digest = models.CharField(max_length=8, blank=True, default="")  # a key of rules.DIGESTS
    quiet_from = models.PositiveSmallIntegerField(null=True)  # minutes since midnight where the member is; from = to: no quiet hours
    quiet_to = models.PositiveSmallIntegerField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(Coalesce("member", Value(0)), name="telling_of_community_once"),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True) | Q(quiet_from__lt=1440, quiet_to__lt=1440),
                name="telling_quiet_in_day",
            ),
        ]

    def __str__(self) -> str:
        return f"telling of {self.member_id or 'the community'}"


class Departure(models.Model):
    """Something that was to leave the house for one member: that it was written, or why not. Never its words."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    way = models.CharField(max_length=8)  # of rules.ALL_WAYS
    kind = models.CharField(max_length=64, blank=True, default="")  # of its newest notice; "" for a digest
    thing = models.CharField(max_length=60, blank=True, default="")
    count = models.PositiveIntegerField(default=1)  # notices that it tells of
    at = models.DateTimeField()
    skipped = models.CharField(max_length=20, blank=True, default="")  # a key of rules.SKIPS; "" = written into the outbox
    key = models.CharField(max_length=200, null=True, unique=True)  # of the letter in the outbox

    class Meta:
        indexes = [
            models.Index(fields=["member", "way", "-at"], name="departure_of_member"),
            models.Index(fields=["at", "way", "skipped"], name="departure_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.way} for {self.member_id}: {self.skipped or 'written'}"


class Bounce(models.Model):
    """How letters to one address fare. The address itself is not kept, only what it is known by when it comes again."""

    digest = models.CharField(max_length=64, unique=True)  # queries.bounces.digest_of
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")  # the person whose it is
    score = models.PositiveIntegerField(default=0)  # tenths: rules.bounce_score
    came_back_at = models.DateTimeField(null=True)
    complained_at = models.DateTimeField(null=True)  # they told their mail provider that our letters are unwanted
    error = models.CharField(max_length=300, blank=True, default="")  # what the other side said, without the address

    class Meta:
        indexes = [models.Index(fields=["-score", "-id"], name="bounce_worst")]

    def __str__(self) -> str:
        return f"letters to {self.member_id}: {self.score / 10}"


class DigestTurn(models.Model):
    """When it is looked at next whether a member gets a digest. Only of people whom one can reach."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")  # a person
    due_at = models.DateTimeField()
    absent = models.BooleanField(default=False)  # away for so long that nothing is sent until they come back

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="digest_due", condition=Q(absent=False))]

    def __str__(self) -> str:
        return f"digest of {self.member_id} at {self.due_at}"


class PushDevice(models.Model):
    """A browser that somebody lets us call, as it told us: where, and what we encrypt with so that only it can read."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")  # a person
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=60)
    name = models.CharField(max_length=80)  # what it calls itself, for its owner to know it again
    made_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} of {self.member_id}"


class PushKey(models.Model):
    """By which push services know this house: one row, made at first need. Whoever has it can call every browser that lets us."""

    private = models.TextField()  # PEM
    public = models.CharField(max_length=120)  # base64url, as browsers take it

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="push_key_is_one")]

    def __str__(self) -> str:
        return "the push key"
