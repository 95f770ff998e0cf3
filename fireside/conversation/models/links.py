"""What links lead to, in short."""

from django.db import models


class LinkPreview(models.Model):
    """What the other side said of an address, once for all posts that link to it. Without a title it said nothing that could be shown."""

    key = models.CharField(max_length=64, unique=True)  # SHA-256 of the address
    url = models.TextField()
    title = models.CharField(max_length=200, blank=True, default="")
    words = models.CharField(max_length=300, blank=True, default="")
    place = models.CharField(max_length=60, blank=True, default="")  # of its picture, made anew, in the store of files
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)  # in vain, since it last said something
    due_at = models.DateTimeField(db_index=True)  # when it is asked next

    def __str__(self) -> str:
        return self.url[:80]


class PostLink(models.Model):
    """A link stands alone in a line of a post."""

    post = models.ForeignKey("conversation.Post", models.CASCADE, related_name="+", db_index=False)  # link_once_per_post
    preview = models.ForeignKey(LinkPreview, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "preview"], name="link_once_per_post")]

    def __str__(self) -> str:
        return f"{self.preview_id} in {self.post_id}"
