"""Decisions of the site. Pure."""

# Rows, indexes, the line of the log, the mirror, and the HTML kept at first reading, on SQLite, measured after every post had been read:
# 2,864 bytes a post in an archive of 216,028 long ones (894 bytes of words each), 815 in one of 209,902 short lines of chat (89 bytes).
# Before anybody has read them: 1,785 and 702. The larger one counts, so that the room lasts at least as long as is said.
BYTES_A_POST = 2_864


def years_of_room(free: int, posts_a_day: int = 1000) -> int:
    """How long the free space lasts, a fifth of it left alone."""
    return int(free * 0.8 / (posts_a_day * 365 * BYTES_A_POST))
