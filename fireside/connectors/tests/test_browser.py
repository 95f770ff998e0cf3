"""The report of an import in a real browser: on a phone in Chinese, on a desk in English."""

from typing import Any

import pytest

from fireside.connectors.models import ImportRun
from fireside.connectors.tests.test_stackexchange import dump
from fireside.site.tests.tour import DESK, PHONE, Visit, reads_in, session_of


@pytest.mark.django_db(transaction=True)
def test_the_report_of_an_import(chromium: Any, live_server: Any, world: Any, bring: Any, tmp_path: Any) -> None:
    bring("stackexchange", dump(tmp_path / "beer"))
    address = f"/cockpit/import/runs/{ImportRun.objects.get().pk}"
    for size, locale, theme in ((PHONE, "zh-CN", "light"), (DESK, "en-GB", "dark")):
        reads_in(world.dan, locale)
        visit = Visit(chromium, live_server, size, locale, theme, session_of(world.dan))
        wrong = visit.look_at(address, axe=True) + visit.look_at("/cockpit/import", axe=True)
        visit.close()
        assert not wrong, wrong
