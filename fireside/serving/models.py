"""How often somebody asked lately. Nothing here is anybody's history: rows live for minutes."""

from django.db import models


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
