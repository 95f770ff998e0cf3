"""What is hidden answers as what never was, at every address of reports, byte for byte."""

import re

import pytest

from fireside.conversation import actions as talk
from fireside.moderation.actions import report_post
from fireside.moderation.urls import urlpatterns

pytestmark = pytest.mark.both
MISSING = 987_654_321


def bare(answer):
    page = re.sub(r'<span class="mono">[^<]*</span>', "", answer.content.decode())
    return answer.status_code, page, {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}


@pytest.mark.parametrize("who", ["", "cat"])
def test_every_address(world, client, who):
    topic = talk.open_topic(world.as_("ben"), space=world.cellar, title="Inside?", text="words inside")
    case = report_post(world.as_("ann"), post=topic.posts.get(), reason="spam")
    if who:
        client.force_login(world.people[who])
    named = [str(one.pattern) for one in urlpatterns if "<" in str(one.pattern)]
    assert len(named) == 3
    for pattern in named:
        there = "/" + pattern.replace("<int:topic>", str(topic.pk)).replace("<int:number>", "1").replace("<int:case>", str(case.pk))
        missing = "/" + pattern.replace("<int:topic>", str(MISSING)).replace("<int:number>", "1").replace("<int:case>", str(MISSING))
        said = {"reason": "spam", "decision": "dismissed"}
        assert [bare(client.get(there)), bare(client.post(there, said))] == [bare(client.get(missing)), bare(client.post(missing, said))]
        assert client.get(there).status_code in (404, 405) and client.post(there, said).status_code == 404
    post = topic.posts.get().pk
    for method, path in (("POST", "/posts/{}/reports"), ("PUT", "/reports/{}/decision")):
        pk = post if "posts" in path else case.pk
        there, missing = (
            client.generic(
                method, "/api/v1" + path.format(one), '{"reason": "spam", "decision": "dismissed"}', content_type="application/json"
            )
            for one in (pk, MISSING)
        )
        assert bare(there) == bare(missing) and there.status_code in (404, 401), path
