"""How often somebody asked lately, and who was held back by a limit. Nothing here is anybody's history: rows live for minutes, for a month at most."""

from django.db import models


class HeldBack(models.Model):
    """Who was held back by which limit, how often on a day: for those who run the community. Kept for a month, of visitors for a week."""

    who = models.CharField(max_length=60)  # "m7", or the address of a visitor
    member_id = models.BigIntegerField(null=True)
    code = models.CharField(max_length=40)
    day = models.DateField()
    count = models.PositiveIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "held back"
        constraints = [models.UniqueConstraint(fields=["who", "code", "day"], name="held_back_once_a_day")]
        indexes = [models.Index(fields=["-last_at", "-id"], name="held_back_latest")]

    def __str__(self) -> str:
        return f"{self.who} {self.code} {self.count}"


class Hits(models.Model):
    """Requests of one asker under one limit in one window of time. Written by one statement, so that many may add at once."""

    key = models.CharField(max_length=120)
    window = models.BigIntegerField()  # number of the window since 1970
    count = models.PositiveIntegerField()
    until = models.DateTimeField()

    class Meta:
        verbose_name_plural = "hits"
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="hits_once")]
        indexes = [models.Index(fields=["until"], name="hits_over")]

    def __str__(self) -> str:
        return f"{self.key} {self.count}"
