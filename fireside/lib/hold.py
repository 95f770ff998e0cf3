"""One at a time, for what decides about the whole house: whether the sample or somebody's own history lives in it."""

from django.db import connection

HOUSE = 0x686F7573  # the key of PostgreSQL's advisory lock


def hold_one(what: str, number: int) -> None:
    """The same about one thing only: `what` and its number."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [what, number % 2**31])


def hold_the_house() -> None:
    """Until the transaction ends nobody else comes past this line. SQLite has one writer anyway, and its transactions begin as writers."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [HOUSE])
