"""Who takes part in a private conversation. Its words are a topic's, which stands in no space."""

from django.conf import settings
from django.db import models
from django.db.models import Q

MEMBER = settings.AUTH_USER_MODEL


class Participant(models.Model):
    """A member takes part in a private conversation, is asked to, or did once."""

    class State(models.TextChoices):
        IN = "in"
        ASKED = "asked"  # begun by somebody whom they do not know: they see it, and say whether they want it
        DECLINED = "declined"  # nobody is told; whoever asked goes on waiting
        LEFT = "left"

    topic = models.ForeignKey("conversation.Topic", models.CASCADE, related_name="participants")
    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="+", db_index=False)  # participant_lists
    state = models.CharField(max_length=8, choices=State.choices, default=State.IN)
    by = models.ForeignKey(MEMBER, models.SET_NULL, null=True, related_name="+", db_index=False)  # who brought them in; contacts_of_day
    since = models.DateTimeField()
    first = models.BooleanField(default=False)  # the first time that `by` turned to them: what a day has room for is counted by these
    last_at = models.DateTimeField()  # when something was said last: the order of their list
    unread = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True)  # out of their list until somebody writes

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "member"], name="participate_once")]
        indexes = [
            models.Index(fields=["member", "-last_at", "-id"], name="participant_lists"),
            models.Index(fields=["member"], name="participants_unread", condition=Q(unread=True)),
            models.Index(fields=["by", "-since"], name="contacts_of_day", condition=Q(first=True)),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.topic_id}"
