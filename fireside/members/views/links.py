"""Addresses that are sent to people."""

from django.conf import settings


def claim_address(secret: str) -> str:
    return f"{settings.ADDRESS}/claim/{secret}"
