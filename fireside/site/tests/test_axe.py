"""axe-core finds nothing serious on any page, light and dark (WCAG 2.2 A and AA)."""

from pathlib import Path
from typing import Any

import pytest

from fireside.site.tests.test_browser import DESK, PHONE, Visit, reads_in, session_of, settled
from fireside.site.tests.test_doors import talking  # noqa: F401

AXE = (Path(__file__).parent / "axe.js").read_text(encoding="utf-8")
RUN = """async () => {
  const found = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] })
  return found.violations.filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => `${one.id} (${one.help}): ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 140) + ' ' + (node.any[0] ? node.any[0].message : '')).join(' | ')}`)
}"""


def wrong_on(visit: Visit, address: str) -> list[str]:
    visit.page.goto(visit.live.url + address)
    settled(visit.page)
    visit.page.evaluate(AXE)
    return list(visit.page.evaluate(RUN))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("size", "locale", "theme"), [(PHONE, "zh-CN", "dark"), (DESK, "en-GB", "light")], ids=["phone-zh-dark", "desk-en-light"]
)
def test_axe_finds_nothing_serious(chromium: Any, live_server: Any, talking: Any, size: Any, locale: str, theme: str) -> None:  # noqa: F811
    reads_in(talking.dan, locale)
    visit = Visit(chromium, live_server, size, locale, theme, session_of(talking.dan))
    bench = talking.bench.slug
    pages = ["/", "/talk", "/start", f"/t/{talking.answered.pk}", "/spaces", f"/spaces/{bench}", f"/spaces/{bench}/new", f"/spaces/{bench}/people",
             "/people", "/people/ann", "/me", "/notices", "/cockpit", "/no/such/page"]  # fmt: skip
    wrong = {address: found for address in pages if (found := wrong_on(visit, address))}
    visit.close()
    visitor = Visit(chromium, live_server, size, locale, theme)
    wrong |= {
        f"{address} (visitor)": found for address in ("/", "/accounts/login/", "/accounts/signup/") if (found := wrong_on(visitor, address))
    }
    visitor.close()
    assert not wrong, "\n".join(f"{address}: {line}" for address, lines in wrong.items() for line in lines)
