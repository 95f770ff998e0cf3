"""What members put into posts beside words: pictures and other files."""

from django.conf import settings
from django.db import models
from django.db.models import Q

MEMBER = settings.AUTH_USER_MODEL


def every_kind() -> list[str]:
    return list(FileContent.Kind.values)


class FileContent(models.Model):
    """The bytes of a file, kept once however often it is given. They lie in the store of files below `place`.

    A picture lies there made anew, as WebP in each of `widths`; of a moving one there is a still picture, too. Anything else lies
    there as it was given, under the name "whole".
    """

    class Kind(models.TextChoices):
        PICTURE = "picture"
        AUDIO = "audio"
        VIDEO = "video"
        FILE = "file"  # handed on as it is

    sha256 = models.CharField(max_length=64)  # of what was given, not of what was made of it
    place = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()  # bytes that were given
    width = models.PositiveIntegerField(null=True)  # pixels of the largest one kept
    height = models.PositiveIntegerField(null=True)
    widths = models.JSONField(default=list)  # [480, 960, 1920], the smallest first
    moving = models.BooleanField(default=False)
    kept_at = models.DateTimeField()
    leaving_at = models.DateTimeField(null=True)  # nobody's any more: a sweep takes the bytes away, then the row

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256"], condition=Q(leaving_at__isnull=True), name="file_content_once"),
        ]
        indexes = [models.Index(fields=["leaving_at"], name="file_contents_leaving", condition=Q(leaving_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.kind} {self.place}"


class File(models.Model):
    """A member gave a file: the same one twice is one row. Who may see it is whoever may see a post that holds it."""

    content = models.ForeignKey(FileContent, models.PROTECT, related_name="files")
    member = models.ForeignKey(MEMBER, models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    at = models.DateTimeField()  # when it was given last
    loose = models.BooleanField(default=True)  # no post has ever held it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "content"], name="file_once_per_member")]
        indexes = [models.Index(fields=["at"], name="files_loose", condition=Q(loose=True))]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/files/{self.pk}"


class PostFile(models.Model):
    """A post holds a file. Since `dropped_at` it does so no more: what it said before is still there for who may read that.

    Since `removed_at` those who tidy its space have taken the file out of all posts there.
    """

    post = models.ForeignKey("conversation.Post", models.CASCADE, related_name="+", db_index=False)  # file_once_per_post
    file = models.ForeignKey(File, models.CASCADE, related_name="+")
    space = models.ForeignKey(
        "spaces.Space", models.PROTECT, null=True, related_name="+", db_index=False
    )  # of the topic: what is shared there
    kind = models.CharField(max_length=8, default="")  # of the content
    quoted = models.BooleanField(default=False)  # somebody else gave it, and showed it first
    dropped_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(MEMBER, models.PROTECT, null=True, related_name="+")
    removed_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "file"], name="file_once_per_post")]
        indexes = [
            models.Index(fields=["space", "-id"], name="files_of_space", condition=Q(dropped_at__isnull=True, quoted=False)),
            models.Index(fields=["space", "kind", "-id"], name="files_of_kind", condition=Q(dropped_at__isnull=True, quoted=False)),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} in {self.post_id}"


class FileDay(models.Model):
    """How much a member gave on one day of the community."""

    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="+", db_index=False)  # file_day_once
    day = models.DateField()
    files = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()  # bytes

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "day"], name="file_day_once")]

    def __str__(self) -> str:
        return f"{self.member_id} on {self.day}"


class Sharing(models.Model):
    """What the community lets its members put into posts. One row; without it, what is written here."""

    kinds = models.JSONField(default=every_kind)
    file_mib = models.PositiveIntegerField(default=50)  # one file; a picture has a measure of its own
    day_mib = models.PositiveIntegerField(default=500)  # of one member on one day
    previews = models.BooleanField(default=False)  # what a link leads to is asked of the other side, and shown

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="sharing_one_row")]

    def __str__(self) -> str:
        return ", ".join(self.kinds)
