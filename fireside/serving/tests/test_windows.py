"""Several windows of one browser share one live connection; where the browser cannot share, each has its own."""

import re
import time
from typing import Any

import pytest

from fireside.conversation import actions
from fireside.serving.tests.house import ROOT
from fireside.site.tests.tour import session_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def connections(context: Any, house: Any, wanted: int) -> int:
    """How many live connections the house holds: as soon as they are as many as wanted, else after ten seconds."""
    for _try in range(100):
        text = context.request.get(f"{house.url}/metrics").text()
        found = int(float(re.search(r"^fireside_live_connections(?:\{.*\})? ([\d.]+)", text, re.MULTILINE)[1]))  # type: ignore[index]
        if found == wanted:
            break
        time.sleep(0.1)
    return found


ALONE = {  # why a browser may not share
    "none such": "delete window.SharedWorker",
    "forbidden": "window.SharedWorker = class { constructor() { throw new DOMException('no', 'SecurityError') } }",
    "taken away by an upgrade": "window.SharedWorker = class extends SharedWorker { constructor() { super('/static/gone.js') } }",
}


@pytest.mark.parametrize("why", ["", *ALONE], ids=["shared", *ALONE])
def test_two_windows_hear_over_one_connection(chromium: Any, house: Any, world: Any, why: str) -> None:
    one = actions.open_topic(world.as_("ben"), space=world.hearth, title="Loose", text="It turns.")
    two = actions.open_topic(world.as_("ben"), space=world.hearth, title="Dark", text="It is out.")
    context = chromium.new_context(locale="en-GB")
    if why:
        context.add_init_script(ALONE[why])
    context.add_cookies([{"name": "sessionid", "value": session_of(world.dan), "url": house.url}])
    assert connections(context, house, 0) == 0
    left, right = context.new_page(), context.new_page()
    left.goto(f"{house.url}/t/{one.pk}")
    right.goto(f"{house.url}/t/{two.pk}")
    together = 2 if why else 1
    assert connections(context, house, together) == together
    news = [page.locator("#news a", has_text=re.compile("new|reply", re.IGNORECASE)) for page in (left, right)]
    actions.reply(world.as_("ann"), topic=two, text="Turn it the other way.")
    news[1].wait_for()
    assert news[0].count() == 0  # what the other window listens to is none of its business
    actions.reply(world.as_("ann"), topic=one, text="The flat washer.")
    news[0].wait_for()
    right.goto(f"{house.url}/people")  # another page in the same window: its connection changes, the other's goes on
    assert connections(context, house, together) == together
    right.close()
    assert connections(context, house, 1) == 1
    left.close()
    assert connections(context, house, 0) == 0
    context.close()


# The shared worker with windows and connections that do what a test says, one step at a time.
STEPS = """async source => {
  const lines = []
  class Line extends EventTarget {
    static OPEN = 1
    static CLOSED = 2
    constructor(address) { super(); this.address = address; this.readyState = 0; lines.push(this) }
    close() { this.readyState = 2 }
    say(name, data) { if (this.readyState !== 2) this.dispatchEvent(new MessageEvent(name, { data })) }
    opens() { if (this.readyState === 2) return; this.readyState = 1; this.dispatchEvent(new Event('open')) }
    breaks(state) { this.readyState = state; this.dispatchEvent(new Event('error')) }
  }
  let connect
  new Function('EventSource', 'addEventListener', source)(Line, (_name, call) => { connect = call })
  const comes = () => {
    const port = { told: [], postMessage: one => port.told.push(one.data === undefined ? one.name : one.name + ' ' + one.data) }
    connect({ ports: [port] })
    port.hears = (...hear) => port.onmessage({ data: { hear } })
    return port
  }
  const soon = () => new Promise(done => setTimeout(done, 120))
  const living = () => lines.filter(one => one.readyState !== 2).length
  %s
}"""


def stepped(chromium: Any, steps: str) -> Any:
    page = chromium.new_page()
    try:
        return page.evaluate(STEPS % steps, (ROOT / "fireside/site/static/live-shared.js").read_text(encoding="utf-8"))
    finally:
        page.close()


def test_a_window_that_leaves_does_not_make_one_that_just_came_wait(chromium: Any) -> None:
    """Who changes tabs: the new one is looked at before the old one is not."""
    steps = "const left = comes(), right = comes(); left.hears('topic=1'); left.hears(); right.hears('topic=2'); left.hears(); await soon(); return lines.map(one => one.address)"
    assert stepped(chromium, steps) == ["/live?topic=2"]


def test_what_is_said_while_another_window_comes_is_told(chromium: Any) -> None:
    steps = """
      const left = comes(), right = comes()
      left.hears('topic=1'); await soon(); lines[0].opens()
      right.hears('topic=2'); await soon(); lines[0].say('topic', 'meanwhile')
      lines[1].opens(); lines[1].say('topic', 'later')
      return [left.told, living()]"""
    assert stepped(chromium, steps) == [["open", "topic meanwhile", "open", "topic later"], 1]


def test_a_connection_overtaken_before_it_was_open_leaves_none_behind(chromium: Any) -> None:
    steps = """
      const [left, right, third] = [comes(), comes(), comes()]
      left.hears('topic=1'); await soon(); lines[0].opens()
      right.hears('topic=2'); await soon()
      third.hears('topic=3'); await soon()
      lines[1].opens(); lines[2].opens()
      const together = living()
      right.hears('topic=4'); await soon()
      left.hears(); right.hears(); third.hears(); await soon()
      return [together, living()]"""
    assert stepped(chromium, steps) == [1, 0]


def test_windows_whose_line_was_down_look_again_also_when_another_one_brings_it_back(chromium: Any) -> None:
    steps = """
      const left = comes(), right = comes()
      left.hears('topic=1'); await soon(); lines[0].opens(); lines[0].breaks(0)
      right.hears('topic=2'); await soon(); lines[1].opens(); lines[1].breaks(0); lines[1].opens()
      lines[1].breaks(2)
      return [left.told, living()]"""
    assert stepped(chromium, steps) == [["open", "open", "back", "back", "alone"], 0]


def test_a_window_hears_of_its_own_topic_and_not_of_a_post_with_the_same_number_elsewhere(chromium: Any) -> None:
    steps = """source => {
      const heard = [], port = { postMessage: () => {}, close: () => {} }, ways = {}
      const window = { SharedWorker: true, EventSource: true }
      const document = { currentScript: { dataset: { shared: '/shared.js' } }, hidden: false, addEventListener: () => {} }
      const listen = (name, call) => { ways[name] = call }
      new Function('window', 'document', 'addEventListener', 'SharedWorker', source)(window, document, listen, class { port = port })
      window.live.hear('topic=7', { topic: event => heard.push(event.data) })
      ways.pageshow()
      for (const line of [{ parent: 3, target: 7 }, { parent: 7, target: 9 }, { parent: null, target: 7 }]) {
        port.onmessage({ data: { name: 'topic', data: JSON.stringify(line) } })
      }
      return heard.map(one => JSON.parse(one).target)
    }"""
    page = chromium.new_page()
    try:
        assert page.evaluate(steps, (ROOT / "fireside/site/static/live.js").read_text(encoding="utf-8")) == [9, 7]
    finally:
        page.close()


@pytest.mark.parametrize(("status", "asked"), [(502, ["7"]), (429, ["7"]), (200, ["7"]), (404, ["bell"])])
def test_a_window_comes_back_when_the_house_does_and_gives_up_only_what_is_closed_to_it(
    chromium: Any, status: int, asked: list[str]
) -> None:
    """While a house is upgraded its proxy answers for it, and a browser takes that for the last word."""
    steps = """async ([source, status]) => {
      const lines = [], ways = {}, later = []
      class Line extends EventTarget {
        static CLOSED = 2
        constructor(address) { super(); this.url = address; this.readyState = 0; lines.push(this) }
        close() { this.readyState = 2 }
      }
      const window = { EventSource: Line }
      const document = { currentScript: { dataset: {} }, hidden: false, addEventListener: () => {} }
      const given = { window, document, EventSource: Line, addEventListener: (name, call) => { ways[name] = call },
        fetch: async () => ({ status }), setTimeout: call => later.push(call) }
      new Function(...Object.keys(given), source)(...Object.values(given))
      window.live.hear('topic=7', {})
      window.live.hear('bell=1', {})
      ways.pageshow()
      lines[0].readyState = 2
      lines[0].dispatchEvent(new Event('error'))
      await new Promise(done => setTimeout(done, 50))
      later.forEach(call => call())
      return lines.slice(1).map(one => one.url.match(/7|bell/)[0])
    }"""
    page = chromium.new_page()
    try:
        assert page.evaluate(steps, [(ROOT / "fireside/site/static/live.js").read_text(encoding="utf-8"), status]) == asked
    finally:
        page.close()
