"""/live through a real front on the test's own database: who hears what, what is missed, who is dropped."""

import contextlib
import http.client
import json
import queue
import socket
import threading
import time
from datetime import UTC, datetime

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from fireside.activity.kinds import KINDS
from fireside.activity.log import Line, record_many
from fireside.activity.worker import react_until_quiet
from fireside.conversation.actions import open_topic, reply, say_helped
from fireside.spaces.actions import bring_in, leave_space, put_out


def cookie_of(member):
    session = SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}"


class Ear:
    """An open live connection: events land in a queue as (name, data, id)."""

    def __init__(self, house, asked, member=None, last=""):
        self.connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=30)
        headers = {"Accept": "text/event-stream"}
        if member is not None:
            headers["Cookie"] = cookie_of(member)
        if last:
            headers["Last-Event-ID"] = last
        self.connection.request("GET", f"/live?{asked}", headers=headers)
        self.socket = self.connection.sock  # the connection forgets it when the answer has no end
        self.answer = self.connection.getresponse()
        self.status = self.answer.status
        self.events = queue.Queue()
        self.closed = threading.Event()
        if self.status == 200:
            assert self.answer.headers["Content-Type"].startswith("text/event-stream")
            assert self.answer.readline() == b"retry: 3000\n"
            threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        event = {}
        try:
            while line := self.answer.readline().decode():
                name, _colon, value = line.rstrip("\n").partition(": ")
                if line == "\n":
                    if "event" in event:
                        self.events.put((event["event"], json.loads(event["data"]), event.get("id", "")))
                    event = {}
                elif name:
                    event[name] = value
        except (OSError, ValueError, AttributeError):
            pass
        self.closed.set()

    def hear(self, seconds=10):
        return self.events.get(timeout=seconds)

    def hear_of(self, row, seconds=10):
        """The event about this row; those before it (what was done just before listening may still come) are passed over."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            event = self.events.get(timeout=seconds)
            if event[1].get("target") == row.pk:
                return event
        raise AssertionError("not heard of")

    def hears_nothing(self, seconds=1.5):
        try:
            return self.events.get(timeout=seconds)
        except queue.Empty:
            return None

    def close(self):
        """Hang up so that the house hears of it, though the listening thread still holds the socket."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.connection.close()


@pytest.fixture
def talk(house, world):
    """A topic in the open space, one in the hidden one."""
    world.house = house
    world.topic = open_topic(world.as_("ben"), space=world.hearth, title="Which wick burns longest?", text="Mine is gone in a week?")
    world.secret = open_topic(world.as_("ben"), space=world.cellar, title="What stays here", text="Said in confidence?")
    return world


def test_a_reply_reaches_those_in_the_topic_and_the_space(talk):
    here = Ear(talk.house, f"topic={talk.topic.pk}", talk.cat)
    around = Ear(talk.house, f"space={talk.hearth.pk}", talk.cat)
    elsewhere = Ear(talk.house, f"space={talk.workshop.pk}", talk.ben)
    said = reply(talk.as_("ann"), topic=talk.topic, text="The braided one.")
    began = time.monotonic()
    name, data, place = here.hear_of(said)
    assert time.monotonic() - began < 15
    assert (name, data["kind"], data["target"], data["parent"], data["by"]) == (
        "topic",
        "conversation.replied",
        said.pk,
        talk.topic.pk,
        talk.ann.pk,
    )
    assert place
    assert around.hear_of(said)[0] == "space"
    assert elsewhere.hears_nothing() is None
    for one in (here, around, elsewhere):
        one.close()


def test_hidden_and_missing_are_the_same(talk):
    answers = []
    for asked in (f"topic={talk.secret.pk}", "topic=99999999", f"space={talk.cellar.pk}", "space=99999999", "topic=x", "space=-1"):
        for who in (talk.cat, None):
            ear = Ear(talk.house, asked, who)
            answers.append((ear.status, ear.answer.read(), sorted(set(ear.answer.headers) - {"x-request-id", "date"})))
            ear.close()
    assert all(one == answers[0] for one in answers)
    assert answers[0][0] == 404
    assert Ear(talk.house, "", talk.cat).status == 400
    assert Ear(talk.house, "&".join(f"topic={n}" for n in range(50)), talk.cat).status == 400
    assert Ear(talk.house, "bell=1").status == 404


def test_a_bell_rings_for_its_owner_only(talk):
    ben, cat = Ear(talk.house, "bell=1", talk.ben), Ear(talk.house, "bell=1", talk.cat)
    reply(talk.as_("ann"), topic=talk.topic, text="The braided one.")
    react_until_quiet(datetime.now(UTC))
    assert ben.hear()[:2] == ("bell", {})
    assert cat.hears_nothing() is None
    ben.close()
    cat.close()


def test_what_was_missed_comes_with_the_return(talk):
    ear = Ear(talk.house, f"topic={talk.topic.pk}", talk.cat)
    first = reply(talk.as_("ann"), topic=talk.topic, text="One.")
    place = ear.hear_of(first)[2]
    ear.close()
    second = reply(talk.as_("ann"), topic=talk.topic, text="Two.")
    stays = Ear(talk.house, f"topic={talk.topic.pk}", talk.cat)  # keeps the tail awake
    time.sleep(1)
    again = Ear(talk.house, f"topic={talk.topic.pk}", talk.cat, last=place)
    assert again.hear()[1]["target"] == second.pk != first.pk
    again.close()
    long_ago = Ear(talk.house, f"topic={talk.topic.pk}", talk.cat, last=f"{-(2**62)}:1")
    assert long_ago.hear()[:2] == ("missed", {})
    long_ago.close()
    stays.close()


def test_who_leaves_a_hidden_space_or_is_put_out_of_it_hears_no_more_of_it(talk):
    bring_in(talk.as_("ann"), space=talk.cellar, member=talk.cat)
    ears = [Ear(talk.house, f"topic={talk.secret.pk}&space={talk.cellar.pk}", one) for one in (talk.ben, talk.cat)]
    assert [ear.status for ear in ears] == [200, 200]
    leave_space(talk.as_("ben"), space=talk.cellar)
    assert ears[0].closed.wait(10)
    put_out(talk.as_("ann"), space=talk.cellar, member=talk.cat, reason="It is for nine.")
    assert ears[1].closed.wait(10)
    assert [Ear(talk.house, f"topic={talk.secret.pk}", one).status for one in (talk.ben, talk.cat)] == [404, 404]


def test_housekeeping_is_nobodys_news(talk):
    """A line of no core that is not talk (a role changed, somebody let in) never goes to the room."""
    from fireside.members.actions import change_role

    ear = Ear(talk.house, f"space={talk.hearth.pk}", talk.ben)
    change_role(talk.as_("olu"), member=talk.cat, role="support")
    say_helped(talk.as_("ben"), post=reply(talk.as_("ann"), topic=talk.topic, text="So."))
    kinds = []
    while "conversation.helped" not in kinds:
        kinds.append(ear.hear()[1]["kind"])
    assert "conversation.replied" in kinds
    assert all(kind.startswith(("conversation.", "spaces.")) for kind in kinds)
    assert "members.role_changed" not in kinds
    ear.close()


def test_a_wrong_method_and_a_forged_cookie(talk):
    connection = http.client.HTTPConnection("127.0.0.1", talk.house.port, timeout=10)
    connection.request("POST", f"/live?topic={talk.topic.pk}")
    assert connection.getresponse().status == 405
    connection = http.client.HTTPConnection("127.0.0.1", talk.house.port, timeout=10)
    connection.request("GET", "/live?bell=1", headers={"Cookie": "sessionid=0123456789abcdef0123456789abcdef"})
    assert (answer := connection.getresponse()).status == 404
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_a_house_with_listeners_closes_at_once(talk):
    from conftest import DATA
    from fireside.serving.tests.house import House

    other = House(DATA, "--as-is", "--no-worker", FIRESIDE_WEB_PROCESSES="2").wait()
    ears = [Ear(other, f"topic={talk.topic.pk}", talk.cat) for _ in range(20)]
    assert {ear.status for ear in ears} == {200}
    began = time.monotonic()
    assert other.stop() == 0
    took = time.monotonic() - began
    assert all(ear.closed.wait(5) for ear in ears)
    assert took < 15, took  # a listener may stay for hours


def test_one_account_holds_so_many_connections_and_no_more(talk):
    from conftest import DATA
    from fireside.serving.live import whose
    from fireside.serving.rules import MEMBER_LISTENS, VISITOR_LISTENS
    from fireside.serving.tests.house import House

    assert whose(["member:7", "bell:7"], "203.0.113.9") == ("member:7", MEMBER_LISTENS)
    assert whose(["topic:1"], "2001:db8::9") == whose(["topic:2"], "2001:db8::8") == ("2001:db8::", VISITOR_LISTENS)
    other = House(DATA, "--as-is", "--no-worker", FIRESIDE_WEB_PROCESSES="1", FIRESIDE_LIMITS="yes").wait()
    ears = [Ear(other, f"topic={talk.topic.pk}", talk.cat) for _ in range(MEMBER_LISTENS + 1)]
    assert [ear.status for ear in ears] == [200] * MEMBER_LISTENS + [429] and ears[-1].answer.headers["Retry-After"] == "60"
    others = [Ear(other, f"topic={talk.topic.pk}", who) for who in (talk.ben, talk.ann)]
    assert {ear.status for ear in others} == {200}, "nobody else is held back by it"
    ears[0].close()
    for _try in range(50):
        if (again := Ear(other, f"topic={talk.topic.pk}", talk.cat)).status == 200:
            break
        time.sleep(0.1)
    assert again.status == 200, "whoever leaves makes room"
    other.stop()


@pytest.mark.once
def test_a_client_that_does_not_read_is_dropped_and_the_others_hear_everything(talk):
    """On a real Granian: the client's and the system's buffers are filled (megabytes), then its queue; then it is cut off."""
    asked = f"topic={talk.topic.pk}&space={talk.hearth.pk}"  # every event twice
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    deaf.connect(("127.0.0.1", talk.house.port))
    deaf.sendall(f"GET /live?{asked} HTTP/1.1\r\nHost: x\r\nCookie: {cookie_of(talk.cat)}\r\n\r\n".encode())
    assert deaf.recv(200).startswith(b"HTTP/1.1 200")  # and from here on it reads nothing
    awake = Ear(talk.house, asked, talk.cat)
    before, said = dropped(talk), 0
    while dropped(talk) == before and said < 100_000:
        said += say_much(talk, 400)
        for _n in range(800):
            awake.hear()
    assert dropped(talk) == before + 1, said  # it alone, and counted once
    deaf.settimeout(10)
    read = 0
    while part := deaf.recv(65536):  # what had been sent before, then the end
        read += len(part)
    assert 0 < read < said * 2 * 120, (read, said)  # an event is longer than that: not all came
    last = reply(talk.as_("ann"), topic=talk.topic, text="Still here?")
    assert awake.hear_of(last)[1]["target"] == last.pk
    awake.close()


def say_much(talk, count):
    """So many lines of the log at once, as of replies."""
    about = {"kind": KINDS["conversation.replied"], "at": datetime.now(UTC), "member_id": talk.ann.pk, "space_id": talk.hearth.pk}
    line = Line(**about, target_type="conversation.post", target_id=1, parent_id=talk.topic.pk)
    return record_many(talk.as_("ann"), [line] * count)


def dropped(talk):
    """How many slow clients the house has dropped, as its figures say."""
    connection = http.client.HTTPConnection("127.0.0.1", talk.house.port, timeout=10)
    connection.request("GET", "/metrics", headers={"Cookie": cookie_of(talk.olu)})
    said = connection.getresponse().read().decode()
    return sum(float(line.split()[-1]) for line in said.splitlines() if line.startswith("fireside_live_dropped_total"))
