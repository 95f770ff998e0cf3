"""What the house is doing: long work, parked lines, letters that have not left; seen and tended through every door."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from fireside.activity import doing, jobs, outbox, reactions, sweeps
from fireside.activity.models import Activity, Beat, Bookmark, Job, Letter, Parked, Sweep
from fireside.activity.worker import react_until_quiet
from fireside.conversation.actions import open_topic
from fireside.lib.errors import NotAllowed, Refused
from fireside.site import actions, rules
from fireside.site.queries.doing import REACTION_WORDS, ROUND_WORDS, TROUBLE
from fireside.site.views.jobs import NEXT, TITLES

pytestmark = [pytest.mark.django_db, pytest.mark.both]
SMTP = "SMTPRecipientsRefused: {'ada.lovelace@example.org': (450, b'try later')}"


@pytest.fixture
def stuck(world: Any) -> Any:
    """A line that the bell could not digest, a letter that was given up, a stopped job, a worker that was seen."""
    world.now = timezone.now()
    open_topic(world.as_("ben"), space=world.hearth, title="Which wick?", text="Mine smokes.", asks=True)
    line = Activity.objects.get(kind="conversation.asked")
    last = Activity.objects.order_by("-pk").first()
    for name in reactions.REACTIONS:
        Bookmark.objects.create(reaction=name, tx=last.tx, position=last.pk, moved_at=world.now)
    world.line = Parked.objects.create(
        reaction="notifications.tell", activity=line, error="KeyError: 'title'", tries=4, next_try_at=world.now + timedelta(hours=3)
    )
    world.letter = outbox.write_letter(world.as_("house"), channel="email", key="k", body={"to": "ada.lovelace@example.org", "subject": "4711 is your code"}, member=world.ben)  # fmt: skip
    Letter.objects.update(tries=8, parked_at=world.now, error=SMTP)
    world.job = Job.objects.create(
        name="connectors.import_zulip", asked_at=world.now, state="stopped", done=40, total=100, member_id=world.olu.pk
    )
    Beat.objects.create(worker="hearth-1:4711", started_at=world.now, seen_at=world.now)
    return world


def signed_in(member: Any, **headers: str) -> Client:
    client = Client(headers=headers)
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


PAGE = "/cockpit/doing"


def test_the_page_says_what_runs_what_is_stuck_and_why_and_costs_the_same_whatever_there_is(
    stuck: Any, django_assert_num_queries: Any
) -> None:
    client = signed_in(stuck.dan)
    client.get(PAGE)
    # the frame: session and member, bell and spaces (2); ours: the jobs, the parked lines, the letters, whose names stand there, the workers,
    # how many are parked for each reaction, how far each of these is behind, the spaces of the lines, the rounds that fail (9)
    with django_assert_num_queries(11):
        page = client.get(PAGE).content.decode()
    for words in ("A Zulip archive comes in", "Stopped", "40 of 100", "Ben asked “Which wick?”", "Telling people, by the bell", "The mistake is the program",
                  "tried 4 times", "a•••@example.org", "The mail server takes no letters for this address", "hearth-1:4711", "up to date"):  # fmt: skip
        assert words in page, words
    for secret in ("ada.lovelace", "4711 is your code"):
        assert secret not in page
    for n, line in enumerate(Activity.objects.exclude(pk=stuck.line.activity_id).order_by("-pk")[:6]):
        Parked.objects.create(reaction="notifications.tell", activity=line, error="KeyError: 'x'", next_try_at=stuck.now)
        outbox.write_letter(stuck.as_("house"), channel="email", key=f"k{n}", body={"to": "x@example.org"}, member=stuck.ann)
        Job.objects.create(name="site.demo", asked_at=stuck.now, state="done", done=1, total=1)
    with django_assert_num_queries(11):
        page = client.get(PAGE).content.decode()
    assert "Try all 7 again now" in page
    stuck.dan.language = "zh-hans"
    stuck.dan.save()
    page = client.get(PAGE).content.decode()
    assert "这座屋子在忙什么" in page and "停在那里的日志行" in page


def test_pages_of_each_list_begin_where_the_last_one_ended(stuck: Any) -> None:
    for n in range(25):
        Job.objects.create(name="site.demo", asked_at=stuck.now, state="done")
        outbox.write_letter(stuck.as_("house"), channel="email", key=f"k{n}", body={"to": f"x{n}@example.org"})
    for listed in (doing.list_jobs, doing.list_unsent):
        first = listed(size=20)
        second = listed(size=20, cursor=first.next)
        assert (len(first.rows), len(second.rows), second.next) == (20, 6, "")
        assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}
    assert "x0@" not in signed_in(stuck.dan).get(PAGE, {"letters": doing.list_unsent().next}).content.decode()
    assert signed_in(stuck.dan).get(PAGE, {"work": "zzz"}).status_code == 409


def test_where_nothing_is_stuck_the_page_says_so(world: Any) -> None:
    react_until_quiet(world.now)
    page = signed_in(world.dan).get(PAGE).content.decode()
    for words in ("Nothing is stuck", "No long work yet", "No line is parked", "Every letter has left", "No worker is at work"):
        assert words in page, words


def test_work_that_failed_is_stuck_and_says_what_to_do(world: Any) -> None:
    react_until_quiet(world.now)
    failed = Job.objects.create(name="insights.rebuild", asked_at=world.now, state="failed", error="The disk is full.")
    dan = signed_in(world.dan)
    assert "Nothing is stuck" not in dan.get(PAGE).content.decode()
    page = dan.get(f"/jobs/{failed.pk}").content.decode()
    assert "The disk is full." in page and "Mend what it says, then let it go on" in page


def test_an_import_of_which_nothing_could_be_read_is_no_success(world: Any) -> None:
    none = {"run": 7, "read": 40, "imported": 0, "unchanged": 0, "rejected": 40}
    for counts, words, main in ((none, "none of it could be read", "/cockpit/import/runs/7"), (none | {"unchanged": 1}, "Done", "/talk")):
        job = Job.objects.create(name="connectors.import_zulip", asked_at=world.now, state="done", counts=counts)
        page = signed_in(world.dan).get(f"/jobs/{job.pk}").content.decode()
        assert words in page and f'<a class="btn main" href="{main}">' in page


def test_only_those_who_look_after_the_house_see_it(stuck: Any) -> None:
    assert {who: signed_in(stuck.people[who]).get(PAGE).status_code for who in ("olu", "dan", "mira", "ben")} == {"olu": 200, "dan": 200, "mira": 403, "ben": 403}  # fmt: skip
    for path in ("house", "house/lines", "house/letters", "jobs"):
        assert signed_in(stuck.dan).get(f"/api/v1/{path}").status_code == 200
        assert signed_in(stuck.mira).get(f"/api/v1/{path}").status_code == 403
        assert Client().get(f"/api/v1/{path}").status_code == 401
    for path in (f"lines/{stuck.line.pk}/try", f"letters/{stuck.letter.pk}/end", "lines/999999/try"):
        assert signed_in(stuck.mira).post(f"{PAGE}/{path}", {"reason": "x"}).status_code == 404  # hidden and missing are one
    with pytest.raises(NotAllowed):
        actions.let_line_go(stuck.as_("mira"), line=stuck.line, reason="x")


def test_a_line_is_tried_again_at_once_and_let_go_once(stuck: Any) -> None:
    dan = signed_in(stuck.dan)
    dan.post(f"{PAGE}/lines/{stuck.line.pk}/try")
    assert reactions.retry_parked(timezone.now()) == 1, "it was due in three hours"
    with pytest.raises(Refused):
        actions.try_line_again(stuck.as_("dan"), line=stuck.line)
    Parked.objects.update(settled_at=None)
    assert dan.post(f"{PAGE}/lines/{stuck.line.pk}/end", {"reason": " "}).status_code == 409
    for _press in range(2):
        dan.post(f"{PAGE}/lines/{stuck.line.pk}/end", {"reason": "The topic  is gone"})
    (told,) = Activity.objects.filter(kind="site.let_line_go")
    assert (told.member_id, told.data["reason"], told.data["reaction"]) == (stuck.dan.pk, "The topic is gone", "notifications.tell")
    assert not reactions.unsettled() and reactions.retry_parked(timezone.now() + timedelta(days=9)) == 0


def test_a_letter_is_tried_anew_or_let_go_with_its_words(stuck: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setitem(outbox.CHANNELS, "email", lambda body, key: sent.append(body["to"]))
    assert outbox.send_due(timezone.now()) == 0
    actions.try_letter_again(stuck.as_("dan"), letter=stuck.letter)
    stuck.letter.refresh_from_db()
    assert (stuck.letter.tries, stuck.letter.parked_at) == (0, None)
    actions.let_letter_go(stuck.as_("dan"), letter=stuck.letter, reason="she has another address now")
    actions.let_letter_go(stuck.as_("dan"), letter=stuck.letter, reason="pressed twice")
    stuck.letter.refresh_from_db()
    assert (stuck.letter.body, stuck.letter.error) == ({}, "") and Activity.objects.filter(kind="site.let_letter_go").count() == 1
    assert outbox.send_due(timezone.now() + timedelta(days=3)) == 0 and not sent and not doing.list_unsent().rows
    with pytest.raises(Refused) as no:
        actions.try_letter_again(stuck.as_("dan"), letter=stuck.letter)
    assert no.value.code == "letter_gone"
    leaving = outbox.write_letter(stuck.as_("house"), channel="email", key="l", body={"to": "b@example.org"})
    Letter.objects.filter(pk=leaving.pk).update(leased_until=timezone.now() + timedelta(minutes=2))
    with pytest.raises(Refused) as no:
        actions.let_letter_go(stuck.as_("dan"), letter=leaving, reason="x")
    assert no.value.code == "letter_leaving"


def test_each_act_of_tending_is_in_the_log_once(stuck: Any) -> None:
    dan = stuck.as_("dan")
    jobs.stop(stuck.job.pk)
    for _twice in range(2):
        actions.resume_work(dan, job=stuck.job)
    for _twice in range(2):
        actions.stop_work(dan, job=stuck.job)
    for _twice in range(2):
        actions.try_line_again(dan, line=stuck.line)
    Parked.objects.update(next_try_at=dan.now + timedelta(hours=3))
    assert actions.try_lines_again(dan, reaction="notifications.tell") == 1
    assert actions.try_lines_again(dan, reaction="nobody.knows") == 0
    for _twice in range(2):
        actions.try_letter_again(dan, letter=stuck.letter)
    told = Activity.objects.filter(kind__startswith="site.", member_id=stuck.dan.pk).order_by("pk").values_list("kind", flat=True)
    assert list(told) == ["site.work_resumed", "site.work_stopped", "site.line_tried", "site.lines_tried", "site.letter_tried"]


def test_the_same_through_json_and_the_command_line(stuck: Any) -> None:
    dan = signed_in(stuck.dan)
    seen = dan.get("/api/v1/house").json()
    assert (seen["parked"], seen["letters_parked"], seen["lag"]["notifications.tell"], seen["workers"][0]["worker"]) == (
        1,
        1,
        0,
        "hearth-1:4711",
    )
    assert dan.get("/api/v1/house/lines").json()["items"][0]["sentence"] == "Ben asked “Which wick?”"
    (letter,) = dan.get("/api/v1/house/letters").json()["items"]
    assert (letter["to"], "lovelace" in json.dumps(letter)) == ("a•••@example.org", False)
    assert [one["state"] for one in dan.get("/api/v1/jobs").json()["items"]] == ["stopped"]
    assert dan.post("/api/v1/house/lines/try", {"reaction": "notifications.tell"}, content_type="application/json").json() == {"count": 1}
    end = dan.post(f"/api/v1/house/lines/{stuck.line.pk}/end", {"reason": "gone"}, content_type="application/json").json()
    assert end["settled_at"]

    def act(*words: str) -> dict[str, Any]:
        out = StringIO()
        call_command("act", *words, "as=dan", "--json", stdout=out)
        return dict(json.loads(out.getvalue()))

    assert act("site.resume_work", f"job={stuck.job.pk}")["result"]["state"] == "waiting"
    assert act("site.stop_work", f"job={stuck.job.pk}")["result"]["state"] == "stopped"
    assert act("site.try_letter_again", f"letter={stuck.letter.pk}") == {"code": "done", "result": None}
    assert act("site.let_letter_go", f"letter={stuck.letter.pk}", "reason=old")["code"] == "done"


def test_the_cockpit_says_one_line_only_while_something_is_stuck_or_behind(stuck: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        found = doing.trouble(stuck.now)
    assert found and found.stuck and found.behind is None
    page = signed_in(stuck.dan).get("/cockpit").content.decode()
    assert "Something got stuck" in page and "Being counted" in page, "what it waits for may be what got stuck"
    Letter.objects.all().delete()
    Parked.objects.all().delete()
    assert doing.trouble(stuck.now) is None
    Bookmark.objects.filter(reaction="spaces.recount").update(position=0)
    written = Activity.objects.earliest("pk").recorded_at
    assert doing.trouble(written) is None, "a worker may take a moment"
    late = doing.trouble(timezone.now() + timedelta(minutes=5))
    assert late and late.behind and not late.stuck
    Bookmark.objects.all().delete()
    assert doing.trouble(timezone.now() + timedelta(minutes=5)), "nobody has ever followed the log"


def test_what_a_slow_transaction_wrote_is_waited_for_behind_higher_ids(stuck: Any) -> None:
    Parked.objects.all().delete()
    Letter.objects.all().delete()
    first, last = Activity.objects.earliest("pk"), Activity.objects.latest("pk")
    Activity.objects.filter(pk=first.pk).update(tx=last.tx + 1)  # its transaction began last; SQLite's writers queue
    late = doing.trouble(timezone.now() + timedelta(minutes=5))
    assert bool(late and late.behind) is (connection.vendor == "postgresql")


def test_a_round_that_fails_is_seen_until_it_succeeds(stuck: Any) -> None:
    Parked.objects.all().delete()
    Letter.objects.all().delete()
    Sweep.objects.create(name="spaces.mend_counters", due_at=stuck.now, ran_at=stuck.now, error="KeyError: 'n'")
    Sweep.objects.create(name="long.gone", due_at=stuck.now, error="KeyError: 'n'")
    found = doing.trouble(stuck.now)
    assert found and found.stuck
    dan = signed_in(stuck.dan)
    page = dan.get(PAGE).content.decode()
    assert "Counting again how many belong to each space" in page and "Nothing is stuck" not in page and "long.gone" not in page
    assert [(one["name"], one["error"]) for one in dan.get("/api/v1/house").json()["rounds_failing"]] == [
        ("spaces.mend_counters", "KeyError: 'n'")
    ]
    assert "Something got stuck" in dan.get("/cockpit").content.decode()
    Sweep.objects.update(error="")
    assert doing.trouble(stuck.now) is None and "Nothing is stuck" in dan.get(PAGE).content.decode()


def test_who_asked_and_lost_the_role_sees_no_button_that_is_refused(stuck: Any) -> None:
    Job.objects.update(member_id=stuck.ben.pk)
    shown = {who: "Go on" in signed_in(stuck.people[who]).get(f"/jobs/{stuck.job.pk}").content.decode() for who in ("ben", "dan")}
    assert shown == {"ben": False, "dan": True}


# ── words ──
def test_whatever_may_stand_there_has_a_name() -> None:
    assert set(REACTION_WORDS) == set(reactions.REACTIONS)
    assert set(ROUND_WORDS) == set(sweeps.SWEEPS)
    assert set(TITLES) == set(NEXT) == set(jobs.JOBS)
    assert set(rules.MEANT.values()) | {"", "mistake", "no_mail"} == set(TROUBLE)
    with translation.override("en"):
        assert all(str(words) or not code for code, words in TROUBLE.items())


@pytest.mark.parametrize(("error", "code"), [
    ("", ""), ("KeyError: 'title'", "mistake"), ("Topic.DoesNotExist: x", "gone"), ("DoesNotExist: x", "gone"), ("IntegrityError: UNIQUE", "clash"), (SMTP, "refused"),
    ("Undeliverable: SMTP_HOST is not set: this house sends no e-mail.", "no_mail"), ("Undeliverable: {'a@b': (550, b'no')}", "refused"),
    ("TimeoutError: timed out", "silent"), ("gaierror: [Errno -2]", "silent"), ("SMTPAuthenticationError: (535, b'')", "password"), ("OSError: disk", "machine"),
])  # fmt: skip
def test_what_an_error_means(error: str, code: str) -> None:
    assert rules.trouble_of(error) == code


def test_an_address_is_known_again_and_not_told() -> None:
    told = [rules.masked(one) for one in ("ada@example.org", "李雷@例子.cn", "nowhere", "", "@x")]
    assert told == ["a•••@example.org", "李•••@例子.cn", "n•••", "", "•••@x"]
