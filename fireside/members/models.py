"""People and who they are elsewhere."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What the community has entrusted to somebody. Organiser is per space and lives in spaces."""

    OWNER = "owner", _("Owner")
    OPERATOR = "operator", _("Operator")
    PRODUCT = "product", _("Product")
    MARKETING = "marketing", _("Marketing")
    SALES = "sales", _("Sales")
    SUPPORT = "support", _("Support")
    MEMBER = "member", _("Member")


DEPARTMENTS = (Role.PRODUCT, Role.MARKETING, Role.SALES, Role.SUPPORT)
STAFF = (Role.OWNER, Role.OPERATOR, *DEPARTMENTS)  # counted apart from members in every figure


class MemberManager(BaseUserManager["Member"]):
    """What Django's and allauth's sign-in need."""

    def get_by_natural_key(self, username: str | None) -> "Member":
        return self.get(email__iexact=username or "")


class Member(AbstractBaseUser):
    """An account, or the trace of somebody in an imported history (no e-mail, no password, claimable).

    `person` is the member that this one resolves to: itself, or the one it was merged into. Words keep their author;
    who that author *is* follows `person`.
    """

    email = models.EmailField(null=True, blank=True)
    name = models.CharField(max_length=80)
    name_key = models.CharField(max_length=80, db_index=True, editable=False)  # how the name is searched: rules.search_key
    handle = models.CharField(max_length=40, unique=True)  # in addresses and @mentions: lower case, no spaces
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.MEMBER)
    language = models.CharField(max_length=10, blank=True, default="")  # "" = the community's
    time_zone = models.CharField(max_length=64, blank=True, default="")
    about = models.TextField(blank=True, default="")
    why = models.CharField(max_length=200, blank=True, default="")  # why they came, in their own words
    picture = models.CharField(max_length=200, blank=True, default="")  # path under MEDIA_ROOT
    theme = models.CharField(max_length=5, blank=True, default="")  # "", "light", "dark"
    shortcuts = models.BooleanField(default=True, db_default=True)  # single letters on the keyboard move and act
    person = models.ForeignKey("self", models.PROTECT, null=True, related_name="traces")  # null only while being created
    joined_at = models.DateTimeField()
    last_seen_on = models.DateField(null=True)  # the community's day of the last request; seen by themselves and by those who tend members
    browsers_since = models.DateTimeField(null=True)  # a browser met before this is not known; null: none has been met
    is_active = models.BooleanField(default=True)
    is_bot = models.BooleanField(default=False)
    bot_reason = models.CharField(max_length=40, blank=True, default="")  # "source", "name", "rhythm", "operator"
    is_sample = models.BooleanField(default=False)
    imported_from = models.CharField(max_length=80, blank=True, default="")  # source of the first trace; "" = signed up here
    removed_at = models.DateTimeField(null=True)

    objects = MemberManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="member_email_once")]
        indexes = [models.Index(fields=["-joined_at", "-id"], name="member_newest")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/people/{self.handle}"

    @property
    def is_staff_role(self) -> bool:
        return self.role in STAFF

    # Django's sign-in asks these; rights live in members/rights.py.
    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Identity(models.Model):
    """Who somebody is in one source. Written once, never overwritten; new names are new rows of IdentityName."""

    source = models.CharField(max_length=80)  # "zulip:example.org", "csv:customers"
    external_id = models.CharField(max_length=200)  # the source's own id, else "name:" + normalised name (weak)
    name = models.CharField(max_length=200)  # as first seen there
    weak = models.BooleanField(default=False)  # known by name only: never merged by itself
    email = models.EmailField(blank=True, default="")
    member = models.ForeignKey(Member, models.PROTECT, related_name="identities")
    first_seen_at = models.DateTimeField()
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "identities"
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="identity_once_per_source")]
        indexes = [models.Index(fields=["email"], name="identity_by_email", condition=~Q(email=""))]

    def __str__(self) -> str:
        return f"{self.name} @ {self.source}"


class IdentityName(models.Model):
    """A further name under which an identity was seen."""

    identity = models.ForeignKey(Identity, models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["identity", "name"], name="identity_name_once")]

    def __str__(self) -> str:
        return self.name


class Merge(models.Model):
    """One version of "these two are the same person". Undone by closing the row: nothing was overwritten, nothing is lost."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="merges")
    into = models.ForeignKey(Member, models.PROTECT, related_name="absorbed")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200)
    by_id = models.BigIntegerField(null=True)
    undone_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(until__isnull=True), name="merge_one_at_a_time"),
            models.CheckConstraint(condition=~Q(member=models.F("into")), name="merge_not_with_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} is {self.into_id}"


class ClaimLink(models.Model):
    """A one-time link by which a signed-in member takes over an imported trace. Only the hash is kept."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="claim_links")
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    made_by_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"claim of {self.member_id}"


class Block(models.Model):
    """A member does not wish to be reached by another one. Nobody else knows. While the other one runs the community, it sleeps."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    blocked = models.ForeignKey(Member, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "blocked"], name="block_once"),
            models.CheckConstraint(condition=~Q(member=models.F("blocked")), name="block_not_oneself"),
        ]
        indexes = [models.Index(fields=["member", "-at", "-id"], name="blocks_of_member")]

    def __str__(self) -> str:
        return f"{self.member_id} blocked {self.blocked_id}"


class Token(models.Model):
    """An API token: shown once, kept as a hash, with scopes."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)  # shown in lists, to tell tokens apart
    hash = models.CharField(max_length=64, unique=True)  # sha256 of a 256-bit secret
    scopes = models.JSONField(default=list)  # of "read", "write", "run"
    made_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class Community(models.Model):
    """The community of this house: one row, made by set-up. What it is, not what happens in it."""

    name = models.CharField(max_length=80)
    purpose = models.TextField(blank=True, default="")
    kind = models.CharField(max_length=20, default="product")
    languages = models.JSONField(default=list)  # first is the default: ["zh-hans", "en"]
    time_zone = models.CharField(max_length=64, default="UTC")  # in which days begin, everywhere
    is_sample = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    settings = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "communities"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="community_is_one")]

    def __str__(self) -> str:
        return self.name
