"""Decisions of the site. Pure."""

BYTES_A_POST = 4_000  # rows, indexes, line of the log and mirror of one post, as measured on an imported archive


def years_of_room(free: int, posts_a_day: int = 1000) -> int:
    """How long the free space lasts, a fifth of it left alone."""
    return int(free * 0.8 / (posts_a_day * 365 * BYTES_A_POST))
