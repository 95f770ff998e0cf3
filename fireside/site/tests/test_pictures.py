"""The pictures of the README. FIRESIDE_PICTURES=1 takes them of the whole sample community and writes them to docs/pictures/."""

import os
from pathlib import Path
from typing import Any

import pytest

from fireside.activity import jobs
from fireside.activity.actor import house
from fireside.conversation.models import Topic
from fireside.members.queries import the_owner
from fireside.site.tests.tour import DESK, PHONE, Visit, reads_in, session_of
from fireside.spaces.models import Openness

PICTURES = Path(__file__).resolve().parents[3] / "docs" / "pictures"


@pytest.mark.django_db(transaction=True)
def test_the_sample_has_pages_worth_a_picture(chromium: Any, live_server: Any, tmp_path: Path) -> None:
    to_keep = bool(os.environ.get("FIRESIDE_PICTURES"))
    job = jobs.run_here(house("cli"), "site.demo", {} if to_keep else {"members": 60, "days": 30})
    assert job.state == "done", job.error
    folder = PICTURES if to_keep else tmp_path
    owner = the_owner()
    answered = Topic.objects.filter(accepted__isnull=False, space__openness=Openness.PUBLIC).order_by("-helped_count", "pk")
    topic = next((one for one in answered if one.title.isascii()), answered[0])
    chat = Topic.objects.filter(is_chat=True).order_by("-posts_count", "pk").first() or topic  # a small sample has none
    for name, address, size, locale, theme in (
        ("topic-en", f"/t/{topic.pk}", DESK, "en-GB", "light"),
        ("chat-zh", f"/t/{chat.pk}", PHONE, "zh-CN", "light"),
        ("cockpit-en", "/cockpit", DESK, "en-GB", "light"),
        ("home-zh", "/", PHONE, "zh-CN", "light"),
        ("home-zh-dark", "/", PHONE, "zh-CN", "dark"),
    ):
        reads_in(owner, locale)
        visit = Visit(chromium, live_server, size, locale, theme, session_of(owner))
        wrong = visit.look_at(address)
        assert not wrong, (name, wrong)
        page = visit.page
        assert "chat" in name or page.locator(".note.sample").is_visible(), "a sample says on every page that it is one"
        page.wait_for_timeout(400)  # charts settle
        page.screenshot(path=str(folder / f"{name}.png"))
        assert (folder / f"{name}.png").stat().st_size > 20_000
        visit.close()
