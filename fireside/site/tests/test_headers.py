"""Every page that can be read, by everybody who may come by: the headers of safety, cookies, and nothing that a policy would have to allow."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from fireside.activity.jobs import ask_for
from fireside.moderation.actions import report_post
from fireside.notifications.links import stop_address
from fireside.site.middleware.headers import HEADERS
from fireside.site.tests.rights import stage
from fireside.site.tests.rights.reading import PAGES, path_of
from fireside.site.tests.rights.stage import VISITOR

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WHO = (VISITOR, "cat", "ann", "olu")
MUST = {
    "default-src": "'none'", "object-src": "'none'", "script-src": "'self'", "style-src": "'self'", "form-action": "'self'",
    "base-uri": "'none'", "frame-ancestors": "'none'",
}  # fmt: skip
INLINE = {
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>"),
    "a style in the page": re.compile(r"<style\b|\sstyle\s*="),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*="),
    "a javascript: address": re.compile(r"(?:href|src|action|formaction)\s*=\s*[\"']?\s*javascript:", re.I),
    "hx-on or eval": re.compile(r"\shx-on[:\s=]|\bhx-vals=[\"']js:"),
}


def wrong_with(answer: HttpResponse) -> list[str]:
    """What of an answer is not as safe as it must be."""
    said = answer.headers.get("Content-Security-Policy", "")
    if "sandbox" in said:  # somebody's file, shown by the browser itself: it runs nothing, is nobody and loads nothing
        good = (
            said.startswith("default-src 'none'") and "script-src" not in said and answer.headers.get("X-Content-Type-Options") == "nosniff"
        )
        return [] if good else [f"a file: {said}"]
    wrong = [f"{name}: {answer.headers.get(name)}" for name, value in HEADERS.items() if answer.headers.get(name) != value]
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers.get("Content-Security-Policy", "").split(";"))
    wrong += [f"{name} {policy.get(name)}" for name, value in MUST.items() if policy.get(name) != value]
    wrong += [word for word in ("unsafe-inline", "unsafe-eval", "*") if word in answer.headers.get("Content-Security-Policy", "")]
    if answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
        page = answer.content.decode()
        wrong += [f"{what}: {found[0][:80]}" for what, sign in INLINE.items() if (found := sign.search(page))]
    for name, cookie in answer.cookies.items():
        if cookie["samesite"] != "Lax" or cookie["path"] != "/" or cookie["domain"]:
            wrong.append(f"cookie {cookie.OutputString()}")
        if name in {"sessionid", "met", "setup"} and not cookie["httponly"]:
            wrong.append(f"cookie {name} can be read by scripts")
    return wrong


def allauths(resolver: Any, before: str = "") -> list[str]:
    """The pages of signing in that ask for nothing in their address."""
    found = []
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            found += allauths(one, route)
        elif isinstance(one, URLPattern) and route.startswith("accounts/") and "<" not in route and "(" not in route:
            found.append("/" + route)
    return found


def test_every_page_has_the_headers_and_nothing_inline(world: Any, settings: Any, tmp_path: Any) -> None:
    settings.LIMITS, settings.MEDIA_ROOT = False, tmp_path / "files"
    world = stage.set_up(world)
    job = ask_for(world.as_("house"), "connectors.import_members")
    names = {
        "handle": "eve", "other": "fay", "slug": "hearth", "topic": world.topic.pk, "post": world.own.pk, "number": world.own.number,
        "name": "talk", "run_id": world.names["run"], "pk": job.pk, "secret": "x", "importer": "members", "key": world.names["upload"], "form": "csv",
        "file": world.names["file"], "file_id": world.names["file"], "part": "32.webp", "size": 192, "kind": "maskable",
        "case": report_post(world.as_("eve"), post=world.own, reason="spam").pk, "link": stop_address(world.fay.pk, "notices").rpartition("/")[2],
    }  # fmt: skip
    addresses = [
        "/" + path_of(route, names | ({"pk": world.names["run"]} if "runs" in route else {}))
        for route in PAGES
        if not route.startswith(("files/", "links/"))
    ]  # what members gave has a narrower policy: conversation/tests/test_files_doors.py
    addresses += [
        *allauths(get_resolver()),
        "/no/such/page",
        "/look",
        "/api/v1/topics",
        "/api/v1/no",
        "/readyz",
        "/metrics",
        "/search?q=wick",
    ]
    trouble, seen, asked = [], dict.fromkeys(WHO, 0), 0
    for who in WHO:
        client = world.browsers[who]
        for address in addresses:
            if address.endswith("/logout/"):
                continue
            answer = client.get(address)
            asked, seen[who] = asked + 1, seen[who] + (answer.status_code == 200)
            trouble += [f"{address} by {who or 'a visitor'}: {line}" for line in wrong_with(answer)]
    assert not trouble, "\n".join(trouble[:30])
    assert asked > 300
    assert seen["olu"] > 50
    assert seen["olu"] > seen["cat"] > seen[VISITOR] > 5


@pytest.mark.parametrize(
    ("page", "what"),
    [
        ("<p style='x'>", "a style in the page"), ("<script>x</script>", "a script in the page"), ("<a onclick=x>", "an event handler"),
        ("<a href='javascript:x'>", "a javascript: address"), ("<p hx-on:click=x>", "hx-on or eval"),
    ],
)  # fmt: skip
def test_what_a_policy_would_have_to_allow_is_found(page: str, what: str) -> None:
    answer = HttpResponse(page, headers=HEADERS)
    assert next(iter(wrong_with(answer))).startswith(what.partition(":")[0])
    assert wrong_with(HttpResponse("<p>", headers=HEADERS | {"Content-Security-Policy": "script-src 'unsafe-inline'"}))


def test_refusals_and_what_was_not_sent_by_our_form_carry_them_too(world: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    for answer in (strict.post("/accounts/login/", {"login": "x"}), Client().get("/me/picture"), Client().post("/no/such/page")):
        assert answer.status_code >= 300
        assert not wrong_with(answer)
