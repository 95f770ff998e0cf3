"""Cases and the reports in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fireside.moderation import rules

MEMBER = settings.AUTH_USER_MODEL


class Reason(models.TextChoices):
    SPAM = "spam", _("Advertising or spam")
    RUDE = "rude", _("Rude, hateful or threatening")
    PRIVATE = "private", _("Somebody’s private data")
    ELSEWHERE = "elsewhere", _("It does not belong here")
    OTHER = "other", _("Something else")


class Case(models.Model):
    """A post with all reports of it: one piece of work, however many report. Decided once; reported again, it is a new one."""

    post = models.ForeignKey("conversation.Post", models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(default=1)  # one more with each report: who decides says which they have read
    reports_count = models.PositiveIntegerField(default=0)
    edits_seen = models.PositiveIntegerField(default=0)  # how often the post had been edited when it was decided
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(MEMBER, models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=9, blank=True, default="")  # see rules.DECISIONS
    reason = models.CharField(max_length=300, blank=True, default="")  # what those who reported are told

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post"], name="case_once_at_a_time", condition=Q(decided_at__isnull=True))]
        indexes = [
            models.Index(fields=["opened_at", "id"], name="cases_open", condition=Q(decided_at__isnull=True)),
            models.Index(fields=["-decided_at", "-id"], name="cases_decided", condition=Q(decided_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"case of post {self.post_id}"


class Look(models.Model):
    """Somebody who decides has read a private message that was reported, with those before it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="looks")
    member = models.ForeignKey(MEMBER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "member"], name="look_once")]

    def __str__(self) -> str:
        return f"{self.member_id} read {self.case_id}"


class Report(models.Model):
    """One member says that a post breaks the rules."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="reports")
    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=9, choices=Reason.choices)
    words = models.CharField(max_length=rules.WORDS_MAX, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "member"], name="report_once")]
        indexes = [models.Index(fields=["member", "-at"], name="reports_of_member")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.case_id}"
