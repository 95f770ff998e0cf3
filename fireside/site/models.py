"""What the pages made of many apps keep for themselves."""

from django.db import models


class Leaving(models.Model):
    """The sample is gone from the tables, and its files have still to follow. Written with the removal, gone with the last file."""

    until = models.BigIntegerField()  # the file system's own clock, in nanoseconds: what came later is somebody else's

    def __str__(self) -> str:
        return f"files until {self.until}"
