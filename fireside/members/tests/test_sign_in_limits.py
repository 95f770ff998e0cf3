"""What sign-in limits by itself is refused as everything else is: in the frame of the house, in the reader's language."""

from typing import Any

import pytest
from django.test import Client

from fireside.members.tests.test_sign_in import JOIN, mail  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "words"), [("en", "Wait a minute, then try again."), ("zh-hans", "请等一分钟再试")])
def test_joining_twice_at_once_is_held_back_in_words(world: Any, mail: Any, language: str, words: str) -> None:  # noqa: F811
    first, second = (Client(headers={"Accept-Language": language}).post("/accounts/signup/", JOIN) for _turn in (1, 2))
    assert (first.status_code, second.status_code) == (302, 429)
    assert second["Retry-After"] == "60"
    assert "no-store" in second["Cache-Control"]
    page = second.content.decode()
    assert words in page
    assert f'<html lang="{"zh-CN" if language == "zh-hans" else "en"}"' in page
