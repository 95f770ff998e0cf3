"""The mirror follows the log: everything once, whatever dies in between, and nothing of it is lost or doubled."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from fireside.activity.log import Line, record_many
from fireside.activity.reactions import horizon
from fireside.conversation import kinds as talk
from fireside.insights import actions
from fireside.insights.mirror import files
from fireside.insights.mirror.engine import files_sql, raw_session
from fireside.insights.mirror.state import snapshot
from fireside.insights.models import Mirror, Segment
from fireside.members import kinds as people
from fireside.members.actions import change_community
from fireside.members.models import Community, Member
from fireside.members.queries import forget_community

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def someone(name, **more):
    member = Member.objects.create(name=name, handle=name.lower(), joined_at=NOON - timedelta(days=40), **more)
    Member.objects.filter(pk=member.pk).update(person=member.pk)
    return member.pk


def write(actor, n, *, start=NOON, step=timedelta(hours=1), member=1, kind=talk.REPLIED):
    record_many(actor, [Line(kind, start + i * step, member, target_id=i + 1, space_id=5, parent_id=1) for i in range(n)])


def ids():
    """Every line of the mirror, straight from its files."""
    with raw_session() as con:
        found = con.execute(f"SELECT id, day FROM {files_sql('activity', snapshot().paths.get('activity', []))} ORDER BY id").fetchall()
    return [i for i, _day in found], [day for _i, day in found]


def test_new_lines_come_once_and_only_new_ones(mirror):
    actor = mirror("UTC", NOON)
    assert actions.move_mirror(actor) == 0
    write(actor, 10)
    assert actions.move_mirror(actor, batch=4) == 10
    write(actor, 5)
    assert actions.move_mirror(actor) == 5
    assert actions.move_mirror(actor) == 0
    found, _days = ids()
    assert len(found) == len(set(found)) == 15
    assert snapshot().rows == 15


def test_a_crash_between_file_and_row_leaves_rubbish_that_is_swept_and_nothing_doubled(mirror, monkeypatch):
    actor = mirror("UTC", NOON)
    write(actor, 10)
    whole = Segment.objects.bulk_create

    def dies(*args, **kw):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(Segment.objects), "bulk_create", dies)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        actions.move_mirror(actor)
    monkeypatch.setattr(type(Segment.objects), "bulk_create", whole.__func__)
    assert Segment.objects.count() == 0
    assert len(list(files.root().rglob("*.parquet"))) == 1
    assert actions.move_mirror(actor) == 10
    assert len(ids()[0]) == 10
    assert actions.remove_rubbish(actor) == 0  # young: somebody may be about to enter it
    late = actor.at(datetime.now(UTC) + timedelta(hours=2))
    assert actions.remove_rubbish(late) == 1
    assert len(ids()[0]) == 10


def test_two_movers_never_enter_the_same_lines(mirror, monkeypatch):
    """Another worker moves between our reading and our entering: ours steps back."""
    from fireside.insights.actions import mirror as moving

    actor = mirror("UTC", NOON)
    write(actor, 6)
    first, others = moving._write, []

    def slow(*args):
        made = first(*args)
        if not others:
            others.append(1)
            assert actions.move_mirror(actor) == 6
        return made

    monkeypatch.setattr(moving, "_write", slow)
    assert actions.move_mirror(actor) == 0
    assert len(ids()[0]) == 6
    assert Segment.objects.filter(replaced_at__isnull=True).count() == 1


def test_small_segments_are_merged_and_rollups_follow(mirror):
    actor = mirror("UTC", NOON)
    ann = someone("Ann")
    for i in range(8):
        write(actor, 3, member=ann, start=NOON + timedelta(minutes=i), step=timedelta(hours=6))
        actions.bring_up_to_date(actor)
    before = snapshot()
    assert len(before.paths["activity"]) == 8
    assert actions.merge_segments(actor) == 8
    assert actions.make_rollups(actor) == 0  # the same lines in other files
    after = snapshot()
    assert len(after.paths["activity"]) == 1
    assert len(ids()[0]) == 24
    assert after.watermark == before.watermark  # numbers have not changed
    assert all((files.root() / path).exists() for path in before.paths["activity"])  # a reader may still hold them
    actions.remove_rubbish(actor.at(datetime.now(UTC) + timedelta(hours=3)))
    assert not any((files.root() / path).exists() for path in before.paths["activity"])
    with raw_session() as con:
        days = con.execute(f"SELECT sum(n) FROM {files_sql('member_day', after.paths['member_day'])}").fetchone()
        places = con.execute(
            f"SELECT sum(n), count(DISTINCT space_id) FROM {files_sql('member_space_day', after.paths['member_space_day'])}"
        )
        assert (days[0], places.fetchone()) == (24, (24, 1))


def test_large_months_are_cut_by_members(mirror, monkeypatch):
    from fireside.insights import rules
    from fireside.insights.actions import tidying

    monkeypatch.setattr(tidying, "buckets_for", lambda rows: rules.BUCKETS)
    actor = mirror("UTC", NOON)
    for i in range(6):
        write(actor, 5, member=i, start=NOON)
        actions.move_mirror(actor)
    actions.merge_segments(actor)
    assert Segment.objects.filter(replaced_at__isnull=True, bucket__isnull=False).count() == rules.BUCKETS
    assert len(ids()[0]) == 30


def test_another_time_zone_cuts_the_days_anew(mirror):
    actor = mirror("UTC", NOON)
    someone("Ann")
    write(actor, 2, start=datetime(2026, 3, 1, 3, tzinfo=UTC), step=timedelta(hours=20))
    actions.bring_up_to_date(actor)
    before = ids()[1]
    Community.objects.update(time_zone="America/Los_Angeles")
    forget_community()
    assert actions.needs_rebuild() == "time_zone"
    assert actions.rebuild_here(actor)
    assert actions.needs_rebuild() == ""
    assert [a - b for a, b in zip(before, ids()[1], strict=True)] == [1, 0]
    assert snapshot().time_zone == "America/Los_Angeles"
    assert {part: len(paths) for part, paths in snapshot().paths.items()}.keys() == {"activity", "people", "member_day", "member_space_day"}


def test_a_snapshot_is_of_one_state_though_the_mirror_moves_while_it_is_read(mirror):
    """Between its two queries, whichever comes first, another process takes new lines in: the watermark is that of the files."""
    actor = mirror("UTC", NOON)
    write(actor, 5)
    actions.bring_up_to_date(actor)
    write(actor, 5)
    moved = []

    def meanwhile(execute, sql, params, many, context):
        found = execute(sql, params, many, context)
        if not moved and sql.startswith("SELECT") and "insights_" in sql:
            moved.append(1)
            actions.move_mirror(actor)
        return found

    with connection.execute_wrapper(meanwhile):
        state = snapshot()
    assert moved
    with raw_session() as con:
        lines = con.execute(f"SELECT count(*) FROM {files_sql('activity', state.paths['activity'])}").fetchone()[0]
    assert (state.rows, lines) == (10, 10)
    assert state.watermark == snapshot().watermark


def test_lost_files_and_an_emptied_house_are_noticed(mirror):
    actor = mirror("UTC", NOON)
    write(actor, 4)
    actions.bring_up_to_date(actor)
    (files.root() / snapshot().paths["activity"][0]).unlink()
    assert actions.needs_rebuild() == "files_missing"
    actions.rebuild_mirror(actor)
    assert len(ids()[0]) == 4
    from fireside.activity.models import Activity

    Activity.objects.all().delete()
    assert actions.needs_rebuild() == "log_replaced"
    actions.rebuild_mirror(actor)
    assert ids() == ([], [])


def test_a_rebuild_gives_what_moving_gave(mirror):
    actor = mirror("Asia/Shanghai", NOON)
    someone("Ann")
    write(actor, 50, step=timedelta(hours=31))
    actions.bring_up_to_date(actor)
    before = ids()
    assert actions.rebuild_mirror(actor, batch=7) == 50
    assert ids() == before
    write(actor, 3)
    assert actions.move_mirror(actor) == 3  # and it goes on from there


def test_people_are_copied_when_lines_speak_of_them(mirror):
    actor = mirror("UTC", NOON)
    ann = someone("Ann")
    record_many(actor, [Line(people.JOINED, NOON, ann)])
    actions.bring_up_to_date(actor)
    first = snapshot().paths["people"]
    write(actor, 3, member=ann)
    assert actions.move_mirror(actor) == 3
    assert not actions.copy_people(actor.at(NOON + timedelta(minutes=1)))
    someone("Ben")
    record_many(actor, [Line(people.MERGED, NOON, None, other_id=ann)])
    actions.move_mirror(actor)
    assert actions.copy_people(actor.at(NOON + timedelta(hours=1)))
    assert snapshot().paths["people"] != first


def test_a_transaction_held_open_is_not_skipped(transactional_db, mirror):
    """PostgreSQL gives ids before it commits: the mirror waits below the oldest transaction still running."""
    from django.db import connection

    if connection.vendor != "postgresql":
        assert horizon() is None  # SQLite's writers queue: nothing can be held open in between
        return
    import threading

    from django.db import connections

    actor = mirror("UTC", NOON)
    ready, go = threading.Event(), threading.Event()

    def holds():
        with transaction.atomic():
            write(actor, 1)
            ready.set()
            go.wait(20)
        connections.close_all()

    holder = threading.Thread(target=holds)
    holder.start()
    ready.wait(20)
    write(actor, 2)
    assert actions.move_mirror(actor) == 0  # not yet: one with a lower id may still come
    go.set()
    holder.join()
    assert actions.move_mirror(actor) == 3
    assert len(ids()[0]) == 3
    assert Mirror.objects.get().rows == 3


def test_when_the_community_changes_its_zone_kept_answers_are_counted_by_the_new_one(mirror):
    """One person wrote at 3 and at 23 o'clock UTC of one day: in California these are two days."""
    actor = mirror("UTC", NOON)
    write(actor, 2, member=someone("Ann"), start=datetime(2026, 3, 1, 3, tzinfo=UTC), step=timedelta(hours=20))

    def days():
        if actions.needs_rebuild():
            actions.rebuild_here(actor)
        actions.bring_up_to_date(actor)
        said = {"metric": "active", "by": "day", "since": "2026-02-27", "until": "2026-03-01"}
        answer = actions.keep_answer(actor, **said)
        assert actions.keep_answer(actor, **said) == answer
        return answer["clock"]["time_zone"], [row["dau"] for row in answer["rows"]]

    assert days() == ("UTC", [0, 0, 1])
    change_community(actor, time_zone="America/Los_Angeles")
    assert days() == ("America/Los_Angeles", [0, 1, 1])
