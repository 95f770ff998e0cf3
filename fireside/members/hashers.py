"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Small(Argon2PasswordHasher):
    """Argon2id with OWASP's setting for little memory: 19 MiB, two passes, one lane.

    Django's default (100 MiB, eight lanes) lets a handful of sign-ins at once fill a small server; figures in docs/decisions.
    """

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
