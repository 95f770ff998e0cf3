"""Hidden is missing: the same bytes at every address."""

import json
import re

import pytest
from django.core.cache import cache

from fireside.serving.models import Hits
from fireside.spaces.tests.world import as_

pytestmark = [pytest.mark.django_db, pytest.mark.both]


WEB = [
    ("get", "/spaces/{slug}"),
    ("get", "/spaces?in={slug}"),
    ("get", "/spaces/new?in={slug}"),
    ("get", "/spaces/{slug}/settings"),
    ("post", "/spaces/{slug}/settings"),
    ("post", "/spaces/{slug}/place"),
    ("post", "/spaces/{slug}/board"),
    ("post", "/spaces/{slug}/board/end"),
    ("post", "/spaces/{slug}/closing"),
    ("post", "/spaces/{slug}/opening"),
    ("get", "/spaces/{slug}/people"),
    ("post", "/spaces/{slug}/people"),
    ("post", "/spaces/{slug}/people/ann/end"),
    ("post", "/spaces/{slug}/belonging"),
    ("post", "/spaces/{slug}/belonging/end"),
    ("post", "/spaces/{slug}/asks"),
    ("post", "/spaces/{slug}/asks/1/entry"),
    ("post", "/spaces/{slug}/asks/1/answer"),
    ("post", "/spaces/{slug}/asks/1/end"),
    ("post", "/spaces/{slug}/organisers"),
    ("post", "/spaces/{slug}/organisers/ann/end"),
]
JSON = [
    ("get", "/api/v1/spaces?in={slug}"),
    ("get", "/api/v1/spaces/{slug}"),
    ("patch", "/api/v1/spaces/{slug}"),
    ("put", "/api/v1/spaces/{slug}/parent"),
    ("put", "/api/v1/spaces/{slug}/board"),
    ("delete", "/api/v1/spaces/{slug}/board"),
    ("put", "/api/v1/spaces/{slug}/closing"),
    ("delete", "/api/v1/spaces/{slug}/closing"),
    ("put", "/api/v1/spaces/{slug}/belonging"),
    ("delete", "/api/v1/spaces/{slug}/belonging"),
    ("get", "/api/v1/spaces/{slug}/people"),
    ("put", "/api/v1/spaces/{slug}/people/ann"),
    ("delete", "/api/v1/spaces/{slug}/people/ann"),
    ("put", "/api/v1/spaces/{slug}/organisers/ann"),
    ("delete", "/api/v1/spaces/{slug}/organisers/ann"),
    ("get", "/api/v1/spaces/{slug}/asks"),
    ("post", "/api/v1/spaces/{slug}/asks"),
    ("delete", "/api/v1/spaces/{slug}/asks/1"),
    ("put", "/api/v1/spaces/{slug}/asks/1/entry"),
    ("put", "/api/v1/spaces/{slug}/asks/1/answer"),
]
BODY = {"parent": "", "words": "", "reason": "No", "handle": "ann"}


@pytest.mark.parametrize(("name", "hidden"), [("", "cellar"), ("", "workshop"), ("", "hearth"), ("cat", "cellar"), ("mira", "cellar")])
def test_hidden_is_missing(world, name, hidden):
    """For a visitor, a member outside and a department: every address answers the hidden space and no space with the same bytes."""

    client = as_(world, name)

    def ask(method, path, slug):
        body = {"data": json.dumps(BODY), "content_type": "application/json"} if path.startswith("/api/") else {"data": BODY}
        answer = getattr(client, method)(path.format(slug=slug), **({} if method == "get" else body))
        heads = {key: value for key, value in answer.items() if key not in {"X-Request-ID", "Set-Cookie"}}
        return answer.status_code, heads, unmarked(answer)

    for n, (method, path) in enumerate(WEB + JSON):
        client.defaults["REMOTE_ADDR"] = f"10.0.0.{n}"  # one address would be told to slow down
        if n % 20 == 0:
            cache.clear(), Hits.objects.all().delete()  # and so would one member
        there, nowhere = ask(method, path, hidden), ask(method, path, "nosuch")
        assert there == nowhere, (method, path)
        assert there[0] in (401, 404), (method, path)


def unmarked(answer):
    """The bytes without what differs between any two answers: the request id and the form's own token."""
    words = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", answer.content)
    return words.replace(answer.headers.get("X-Request-ID", "\0").encode(), b"")
