"""What a member keeps for themselves: how far they read, how closely they follow, drafts, what they want to find again."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fireside.conversation import rules

MEMBER = settings.AUTH_USER_MODEL


class Reading(models.Model):
    """Where a member stands with a topic: the highest number they have been shown (0 = never opened), and how closely they follow it."""

    class By(models.TextChoices):
        """Why a topic has a level of its own."""

        HAND = "hand"  # they chose it
        SPOKE = "spoke"  # they opened it or replied
        SPACE = "space"  # they opened it for reading in a space that they follow

    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="+")
    topic = models.ForeignKey("conversation.Topic", models.CASCADE, related_name="+", db_index=False)  # `reading_of_topic` does
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    level = models.PositiveSmallIntegerField(null=True)  # rules.Level; null = as its space
    level_by = models.CharField(max_length=5, choices=By.choices, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "topic"], name="reading_once")]
        indexes = [
            # the member, too: a topic is read by thousands, and of a list each row asks for the one mark of whoever looks
            models.Index(fields=["topic", "member"], name="reading_of_topic"),
            models.Index(fields=["member", "-at"], name="reading_followed", condition=Q(level__gte=int(rules.Level.FOLLOW))),
            models.Index(fields=["topic", "member"], name="reading_watched", condition=Q(level=int(rules.Level.WATCH))),
            models.Index(fields=["member", "-at", "-id"], name="reading_by_hand", condition=Q(level_by="hand")),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} read {self.topic_id} to {self.number}"


class SpaceLevel(models.Model):
    """How closely a member follows a space: what holds for each topic in it without a level of its own. It holds for the space alone,
    not for those that stand in it."""

    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="+")
    space = models.ForeignKey("spaces.Space", models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField(default=int(rules.Level.NORMAL))
    new_from = models.DateTimeField(null=True)  # what was opened there until then is dismissed from what is new

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "space"], name="space_level_once")]
        indexes = [models.Index(fields=["space", "member"], name="space_watched", condition=Q(level=int(rules.Level.WATCH)))]

    def __str__(self) -> str:
        return f"{self.member_id} follows space {self.space_id}"


class WrittenBy(models.TextChoices):
    """Who may begin a private conversation with a member. Who runs the community, and who looks after a space of theirs, always may."""

    EVERYONE = "everyone", _("Everyone: who shares no space with me asks first")
    SPACES = "spaces", _("Those who share a space with me, and whom I have written to")
    NOBODY = "nobody", _("Nobody, nor may those go on who have written to me")


class Habits(models.Model):
    """What a member has chosen for all talk. Without a row: as the defaults say."""

    member = models.OneToOneField(MEMBER, models.CASCADE, primary_key=True, related_name="+")
    follow_spoken = models.BooleanField(default=True)  # to open a topic or to reply makes it followed
    new_from = models.DateTimeField(null=True)  # what was opened until then, in whatever space, is dismissed from what is new
    written_by = models.CharField(max_length=8, choices=WrittenBy.choices, default=WrittenBy.EVERYONE)

    def __str__(self) -> str:
        return f"habits of {self.member_id}"


class Crowd(models.Model):
    """A post whose watchers are many: those up to `after` have been told, the others are told in batches."""

    activity = models.OneToOneField("activity.Activity", models.CASCADE, primary_key=True, related_name="+")
    after = models.BigIntegerField()

    def __str__(self) -> str:
        return f"watchers of {self.activity_id} after {self.after}"


class Draft(models.Model):
    """Words not yet said, kept on the server. `place` is "new:SPACE", "reply:TOPIC", or "edit:POST" (then `seen_edits` is the version that they change).

    Two tabs may write at the same place: whoever saves on top of words they have not seen gets a slot of their own.
    """

    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="drafts")
    place = models.CharField(max_length=40)
    slot = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField(blank=True, default="")
    seen_edits = models.PositiveIntegerField(null=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "place", "slot"], name="draft_once_per_slot")]

    def __str__(self) -> str:
        return f"{self.place} of {self.member_id}"


class Later(models.Model):
    """A post that a member keeps for later, and what they noted beside it. Nobody else knows. A topic is kept by its first post."""

    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="+")
    post = models.ForeignKey("conversation.Post", models.CASCADE, related_name="+")
    note = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "post"], name="later_once")]

    def __str__(self) -> str:
        return f"{self.post_id} for {self.member_id}"
