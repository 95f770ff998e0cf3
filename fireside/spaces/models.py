"""Places and belonging."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fireside.spaces import rules


class Openness(models.TextChoices):
    """Who may see a space and come in. Ordered from the widest to the narrowest."""

    PUBLIC = "public", _("Public: anyone reads, members join and talk")
    OPEN = "open", _("Open: members read, join and talk")
    PRIVATE = "private", _("Private: members see that it exists; an organiser lets people in")
    HIDDEN = "hidden", _("Hidden: only those inside, and who runs the community, know of it")


class Space(models.Model):
    """A place. May stand in another; what it stands in can only narrow who sees it."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=400, default="")  # "/1/7/12/": every ancestor's id and its own
    depth = models.PositiveSmallIntegerField(default=0)  # how many spaces it stands in
    slug = models.SlugField(max_length=60, unique=True, allow_unicode=True)
    name = models.CharField(max_length=80)
    about = models.TextField(blank=True, default="")
    board = models.CharField(
        max_length=rules.BOARD_LIMIT, blank=True, default=""
    )  # one line for everybody who reads there, from its organisers
    icon = models.CharField(max_length=30, default="messages-square")
    is_group = models.BooleanField(null=True)  # what people begin to talk about here opens as a chat
    openness = models.CharField(max_length=8, choices=Openness.choices, default=Openness.OPEN)
    reach = models.CharField(max_length=8, choices=Openness.choices)  # the narrowest openness on the path
    # Kept for lists, see rules.Kept: to know of it, to read it, one must belong to this one (null: to none).
    known_inside = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    read_inside = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    members_count = models.PositiveIntegerField(default=0)  # people, not traces; bots and removed ones left out
    topics_count = models.PositiveIntegerField(default=0)
    last_active_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=80, null=True)
    external_id = models.CharField(max_length=200, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="space_once_per_source"),
        ]
        indexes = [models.Index(fields=["parent", "name", "id"], name="space_children"), models.Index(fields=["path"], name="space_path")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/spaces/{self.slug}"


class Standing(models.Manager["Belonging"]):
    """The belongings that count. Whoever was put out stays out, whatever a history or another account of theirs says."""

    def get_queryset(self) -> models.QuerySet["Belonging"]:
        return super().get_queryset().filter(stays_out=False)


class Belonging(models.Model):
    """A member is in a space, perhaps as an organiser of it."""

    class As(models.TextChoices):
        MEMBER = "member", _("Member")
        ORGANISER = "organiser", _("Organiser")

    space = models.ForeignKey(Space, models.CASCADE, related_name="belongings")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="belongings")
    role = models.CharField(max_length=9, choices=As.choices, default=As.MEMBER)
    since = models.DateTimeField()
    imported = models.BooleanField(default=False)  # the history says so; a newer one may say otherwise. Nobody here let them in
    stays_out = models.BooleanField(default=False)  # the person is gone, see rules.out_of; kept for when merged traces part again

    objects = Standing()
    everywhere = models.Manager()  # those that do not count, too

    class Meta:
        constraints = [models.UniqueConstraint(fields=["space", "member"], name="belong_once")]
        indexes = [
            models.Index(fields=["member", "space"], name="belonging_of_member"),
            models.Index(fields=["space", "-since", "-id"], name="belonging_newest"),
            models.Index(fields=["space"], name="organisers_of_space", condition=Q(role="organiser")),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.space_id}"


class Gone(models.Model):
    """Somebody who left a space, or was put out of it: no history brings them back, nor a trace of theirs. Gone when they come in anew.

    Each account of the person has the mark, so that it stands whatever is merged and parted; a trace that nobody has does not need it.
    """

    space = models.ForeignKey(Space, models.CASCADE, related_name="gone")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    put_out = models.BooleanField(default=False)  # by others, and with an account: what another account of theirs had is over, too

    class Meta:
        constraints = [models.UniqueConstraint(fields=["space", "member"], name="gone_once")]

    def __str__(self) -> str:
        return f"{self.member_id} gone from {self.space_id}"


class AskToJoin(models.Model):
    """A member asks to be let into a private space. Decided once, by an organiser."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="asking")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    words = models.CharField(max_length=500, blank=True, default="")
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    let_in = models.BooleanField(null=True)  # null with decided_at: taken back by who asked
    reason = models.CharField(max_length=300, blank=True, default="")  # what the organiser answered

    class Meta:
        constraints = [models.UniqueConstraint(fields=["space", "member"], condition=Q(decided_at__isnull=True), name="ask_once_at_a_time")]
        indexes = [models.Index(fields=["space", "asked_at", "id"], name="asks_waiting", condition=Q(decided_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.member_id} asks for {self.space_id}"
