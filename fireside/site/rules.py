"""Decisions of the site. Pure."""

# Rows, indexes, the line of the log, the mirror, and the HTML kept at first reading, on SQLite, measured after every post had been read:
# 2,864 bytes a post in an archive of 216,028 long ones (894 bytes of words each), 815 in one of 209,902 short lines of chat (89 bytes).
# Before anybody has read them: 1,785 and 702. The larger one counts, so that the room lasts at least as long as is said.
BYTES_A_POST = 2_864


def years_of_room(free: int, posts_a_day: int = 1000) -> int:
    """How long the free space lasts, a fifth of it left alone."""
    return int(free * 0.8 / (posts_a_day * 365 * BYTES_A_POST))


REASON_LIMIT = 200

ERASURE_DAYS = 14  # whoever asked to be forgotten can take it back for so long
TAKEOUT_DAYS = 7  # an export can be fetched for so long


# The beginnings of errors as they are written down ("ValueError: …"), and what they mean to somebody who runs the house.
MEANT = {
    "Undeliverable": "refused", "SMTPRecipientsRefused": "refused", "SMTPSenderRefused": "sender", "SMTPAuthenticationError": "password",
    "SMTPServerDisconnected": "silent", "SMTPConnectError": "silent", "ConnectionRefusedError": "silent", "ConnectionResetError": "silent",
    "TimeoutError": "silent", "gaierror": "silent", "SSLError": "silent", "SSLCertVerificationError": "silent", "OSError": "machine",
    "PermissionError": "machine", "FileNotFoundError": "machine", "IntegrityError": "clash", "DoesNotExist": "gone",
}  # fmt: skip


def trouble_of(error: str) -> str:
    """What an error as it was written down means: a code. "mistake": what nobody foresaw, which the program must be mended for."""
    name, _colon, words = error.partition(":")
    if name == "Undeliverable" and "SMTP_HOST" in words:
        return "no_mail"
    return MEANT.get(name.rsplit(".", 1)[-1], "mistake") if name else ""


def masked(address: str) -> str:
    """Enough of an address to know it again, not enough to write to it: a•••@example.org."""
    name, at, host = address.rpartition("@")
    return f"{name[:1]}•••@{host}" if at else f"{address[:1]}•••" if address else ""
