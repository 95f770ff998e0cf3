"""What links lead to: off until the community wants it, never asked of an inner network, shown below, made anew, kept with an end."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fireside.activity.worker import react_until_quiet
from fireside.conversation import actions
from fireside.conversation.actions.links import ask_links, forget_links
from fireside.conversation.links import asking, guard, rules
from fireside.conversation.links.asking import Asker
from fireside.conversation.links.guard import Closed, is_public, target_of
from fireside.conversation.markup import parse
from fireside.conversation.models import LinkPreview, Post, PostLink
from fireside.conversation.queries import post_row
from fireside.conversation.tests.pictures import picture, say

pytestmark = pytest.mark.both
PAGE = """<html><head><title>Plain</title><meta property="og:title" content="The &lt;b&gt; lamp&#8238;"><meta name="description" content="All about wicks.">
<meta property="og:image" content="/lamp.png"></head><body>x</body></html>"""


@pytest.mark.once
@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True), ("127.0.0.1", False), ("0.0.0.0", False), ("10.0.0.1", False),
        ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("192.0.2.1", False), ("198.18.0.1", False),
        ("224.0.0.1", False), ("255.255.255.255", False), ("240.0.0.1", False), ("::1", False), ("::", False), ("fe80::1%eth0", False), ("fc00::1", False),
        ("ff02::1", False), ("::ffff:127.0.0.1", False), ("::ffff:10.0.0.1", False), ("::ffff:93.184.216.34", True), ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False), ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False), ("2001:db8::1", False), ("", False), ("localhost", False),
    ],
)  # fmt: skip
def test_only_public_addresses(address, public):
    assert is_public(address) is public


@pytest.mark.once
@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.org/", "file:///etc/passwd", "gopher://x.org", "http://user:pw@x.org/", "http://x.org:22/", "http://x.org:8000/", "http://", "//", "javascript:1",
        "http://[::1]/", "http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::ffff:7f00:1]/", "http://mixed.example/", "http://nowhere.example/",
        "http://x.org:99999/", "http://\ud800.org/",
    ],
)  # fmt: skip
def test_nothing_else_is_asked(url):
    known = {
        "x.org": ["93.184.216.34"],
        "mixed.example": ["93.184.216.34", "10.0.0.1"],
        "2130706433": ["127.0.0.1"],
        "0x7f.1": ["127.0.0.1"],
    }
    with pytest.raises(Closed):
        target_of(url, names=lambda host, _port: known.get(host, [host] if ":" in host or host[:1].isdigit() else []))


@pytest.mark.once
def test_the_address_that_was_looked_at_is_the_one_that_is_asked():
    target = target_of(
        "https://löschen.example/a b?q=灯#part",
        names=lambda host, port: ["93.184.216.34"] if (host, port) == ("xn--lschen-wxa.example", 443) else [],
    )
    assert (target.address, target.port, target.path) == ("93.184.216.34", 443, "/a%20b?q=%E7%81%AF")


@pytest.mark.once
@given(st.text(max_size=40))
def test_whatever_stands_in_a_link_is_refused_or_a_place_of_the_web(url):
    try:
        target = target_of(url, names=lambda host, port: ["93.184.216.34"])
    except Closed:
        return
    assert target.port in (80, 443) and "\r" not in target.path + target.host and "\n" not in target.path + target.host


class Other(BaseHTTPRequestHandler):
    """The other side."""

    asked: list = []

    def do_GET(self):
        self.asked.append((self.path, self.headers.get("Cookie"), self.headers["Host"]))
        pages = {
            "/page": ("text/html; charset=utf-8", PAGE.encode()), "/lamp.png": ("image/png", picture(640, 320)), "/bare": ("text/html", b"<title>Bare</title>"),
            "/large": ("text/html", b"<title>Large</title>" + b"x" * (2 * asking.PAGE_MOST)), "/exe": ("application/octet-stream", b"MZ"),
            "/nothing": ("text/html", b"no head at all"),
        }  # fmt: skip
        steps = {"/inward": "http://inner.example/", "/on": "/page", "/round": "/round", "/file": "file:///etc/passwd"}
        if self.path in steps:
            self.send_response(302)
            self.send_header("Location", steps[self.path])
            self.send_header("Set-Cookie", "a=1")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        kind, body = pages.get(self.path, ("text/html", b""))
        self.send_response(200 if self.path in pages else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def other(monkeypatch):
    """A real server of this machine, which the guard of this test takes for a public one; `inner.example` stays what it is."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Other.asked.clear()
    real = guard.is_public
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1" or real(address))
    server.asker = Asker(
        lambda host, port: {"lamps.example": ["127.0.0.1"], "inner.example": ["10.0.0.1"]}.get(host, []), frozenset({server.server_port})
    )
    server.at = f"http://lamps.example:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.once
@pytest.mark.parametrize("path", ["/inward", "/round", "/file", "/exe", "/none"])
def test_a_step_inward_or_without_end_or_to_something_else_ends_there(other, path):
    with pytest.raises(Closed):
        other.asker.get(other.at + path, most=1000, wanted="text/html")
    assert all(host.startswith("lamps.example") for _path, _cookie, host in Other.asked)


@pytest.mark.once
def test_few_bytes_no_cookies_and_a_step_on(other):
    assert len(other.asker.get(other.at + "/large", most=asking.PAGE_MOST, wanted="text/html").body) == asking.PAGE_MOST
    assert other.asker.get(other.at + "/on", most=9999, wanted="text/html").url == other.at + "/page"
    assert {cookie for _path, cookie, _host in Other.asked} == {None}
    with pytest.raises(Closed):
        other.asker.get(other.at + "/lamp.png", most=50, wanted="image/*")


@pytest.mark.once
def test_only_what_stands_alone_in_a_line():
    text = "https://a.example/x\n\nSee https://b.example\n\n> https://c.example\n\n- https://d.example\n\n[e](https://e.example)\n\nhttps://a.example/x\n\nwww.f.example"
    assert parse(text).links == ("https://a.example/x",)


@pytest.fixture
def wanted(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    actions.change_sharing(world.as_("dan"), previews=True)
    return world


def noted(world, text):
    post = say(world, text)
    react_until_quiet(world.now)
    return post


def test_off_until_the_community_wants_it(world, other):
    noted(world, f"{other.at}/page")
    assert not LinkPreview.objects.exists() and ask_links(world.as_("house"), other.asker) == 0 and not Other.asked


def test_shown_below_with_a_picture_of_ours_for_whoever_may_see_the_post(wanted, other, client):
    post = noted(wanted, f"Look:\n\n{other.at}/page")
    assert "preview" not in post_row(wanted.cat, post).html
    assert ask_links(wanted.as_("house"), other.asker) == 1 and ask_links(wanted.as_("house"), other.asker) == 0
    row = LinkPreview.objects.get()
    html = post_row(wanted.cat, post).html
    assert (
        f'<a class="preview" href="{other.at}/page"' in html
        and "<strong>The &lt;b&gt; lamp</strong>" in html
        and "All about wicks." in html
    )
    assert f'<img src="/links/{row.pk}.webp" width="480" height="240"' in html and "<small>lamps.example</small>" in html
    missing = client.get("/links/999.webp").content
    assert client.get(f"/links/{row.pk}.webp").content == missing
    client.force_login(wanted.cat)
    answer = client.get(f"/links/{row.pk}.webp")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp") and b"".join(answer)[8:12] == b"WEBP"
    actions.remove_post(wanted.as_("dan"), post=post, reason="no")
    assert client.get(f"/links/{row.pk}.webp").status_code == 404
    actions.restore_post(wanted.as_("dan"), post=post)
    actions.change_sharing(wanted.as_("dan"), previews=False)
    assert "preview" not in post_row(wanted.cat, post).html


def test_what_fails_shows_nothing_and_is_asked_again_later(wanted, other):
    post = noted(wanted, f"{other.at}/none")
    moments = []
    for _n in range(rules.TRIES + 1):
        assert ask_links(wanted.as_("house"), other.asker) == 1
        moments.append(LinkPreview.objects.get().due_at - wanted.now)
        wanted.now += moments[-1]
    assert moments == [timedelta(hours=1), timedelta(hours=4), rules.FRESH, rules.FRESH]
    assert "preview" not in post_row(wanted.cat, post).html


def test_asked_again_after_a_month_and_forgotten_with_the_last_link(wanted, other):
    post = noted(wanted, f"{other.at}/page")
    ask_links(wanted.as_("house"), other.asker)
    first = LinkPreview.objects.get().place
    wanted.now += rules.FRESH
    assert ask_links(wanted.as_("house"), other.asker) == 1
    assert LinkPreview.objects.get().place not in ("", first)
    actions.edit_post(wanted.as_("ben"), post=post, text=f"{other.at}/bare")
    react_until_quiet(wanted.now)
    assert forget_links(wanted.as_("house")) == 1
    ask_links(wanted.as_("house"), other.asker)
    assert "<strong>Bare</strong>" in post_row(wanted.cat, post).html and PostLink.objects.count() == 1
    assert Post.objects.get(pk=post.pk).source_text.endswith("/bare")
