"""How each action is asked for in a way that would be done: the table behind test_every_right.py. A new action gets its line here."""

from typing import Any

from allauth.usersessions.models import UserSession

from fireside.conversation.actions import (
    accept_answer,
    close_topic,
    keep_draft,
    keep_for_later,
    pin_above_all,
    pin_topic,
    react,
    remove_file,
    remove_post,
    say_helped,
    tag_topic,
)
from fireside.conversation.models import File
from fireside.members.actions import make_token, merge_members, offer_claim
from fireside.members.models import Member
from fireside.site.actions import ask_to_be_erased
from fireside.site.tests.rights.bringing import BRINGING
from fireside.site.tests.rights.messaging import PRIVATE
from fireside.site.tests.rights.moderating import MODERATION
from fireside.site.tests.rights.organising import ORGANISING
from fireside.site.tests.rights.stage import AUTHOR, Deed, No
from fireside.site.tests.rights.telling import TELLING
from fireside.spaces.actions import archive_space, join_space, make_group, make_organiser, write_board
from fireside.spaces.models import AskToJoin

PERSON, SPACE, TOPIC, DOING = "people/eve", "spaces/hearth", "t/{topic}", "cockpit/doing"
SIGNED_IN = "Sign-up and sign-in are pages for a person: no program types a password. allauth’s own, in members/tests/test_sign_in.py."
FOUNDING = "A house without a community has nobody who could be asked; its JSON door opens with its first member."
PASSWORD = {
    "name": "X",
    "purpose": "",
    "kind": "product",
    "languages": "en",
    "time_zone": "UTC",
    "owner_name": "O",
    "owner_email": "o@example.org",
}
FOUND = "|".join(f"{key}={value}" for key, value in PASSWORD.items())
EVERYBODY = ["olu", "dan", "mira", "mark", "sal", "sue", "cat", "ann", "ben", ""]
THERE_IS_ONE = dict.fromkeys(EVERYBODY, "set_up_already")


def by(act: Any, **things: str) -> Any:
    """`first`: the same person has done this before (a visitor cannot have: Ann has)."""

    def first(world: Any, who: str) -> None:
        act(world.as_(who or "ann"), **{key: getattr(world, name) for key, name in things.items()})

    return first


def by_olu(act: Any, **things: Any) -> Any:
    def first(world: Any, who: str) -> None:
        act(world.as_("olu"), **{key: getattr(world, name[1:]) if str(name).startswith("$") else name for key, name in things.items()})

    return first


def removed(world: Any, who: str) -> None:
    """By its author, who may bring back what they took away themselves; else by the owner."""
    remove_post(world.as_(AUTHOR if who == AUTHOR else "olu"), post=world.own, reason="no")


def asked(world: Any, who: str) -> dict[str, Any]:
    asker = world.people[who or "fay"]
    return {"mine": AskToJoin.objects.create(space=world.workshop, member=asker, words="", asked_at=world.now).pk}


def drafted(world: Any, who: str) -> None:
    keep_draft(world.as_(who or "ann"), place=f"reply:{world.topic.pk}", text="half")


def tagged(world: Any, who: str) -> None:
    tag_topic(world.as_("olu"), topic=world.topic, tags=["wick", "oil"])


def taken_out(world: Any, who: str) -> None:
    remove_file(world.as_("olu"), file=File.objects.get(pk=world.names["file"]), space=world.hearth, reason="no")


def secret_for(world: Any, who: str) -> dict[str, Any]:
    return {"secret": offer_claim(world.as_("olu"), member=Member.objects.get(pk=world.taken["fay"]))[1]}


def own_trace(world: Any, who: str) -> dict[str, Any]:
    return {"mine": Member.objects.get(pk=world.taken[who or "eve"]).handle}


def signed_in(world: Any, who: str) -> dict[str, Any]:
    return {"session": UserSession.objects.create(user=world.people[who or "ann"], ip="198.51.100.7", session_key=f"k{who}").pk}


def own_token(world: Any, who: str) -> dict[str, Any]:
    return {"token": make_token(world.as_(who or "ann"), name="old", scopes=["read"])[0].pk}


def myself(world: Any, who: str) -> dict[str, Any]:
    return {"me": who or "eve"}


def asked_to_go(world: Any, who: str) -> None:
    if who not in {"", "olu"}:
        ask_to_be_erased(world.as_(who), handle=who)


def in_line(world: Any, who: str) -> dict[str, Any]:
    from fireside.activity.jobs import ask_for

    return {"job": ask_for(world.as_("house"), "connectors.import_members").pk}


def organises_too(world: Any, who: str) -> None:
    make_organiser(world.as_("olu"), space=world.hearth, member=world.ben)


def two_are_one(world: Any, who: str) -> None:
    merge_members(world.as_("olu"), member=world.people["eve"], into=world.people["fay"], reason="same")


COMMUNITY = {
    "members.change_community": Deed("purpose=new", "PATCH community", {"purpose": "new"}, "community", {
        "name": "New", "purpose": "Lamps", "kind": "product", "languages": "en zh-hans", "time_zone": "UTC"}),
    "members.set_up_community": Deed(FOUND, No(FOUNDING), web=No("site.found_community calls it"), but=THERE_IS_ONE),
    "site.found_community": Deed(FOUND, No(FOUNDING), web="setup/start", form=PASSWORD, but=THERE_IS_ONE),
    "site.bring_community": Deed(FOUND + "|importer=members|path=/x", No(FOUNDING), web="setup/bring", form=PASSWORD, but=THERE_IS_ONE),
    "site.clear_sample": Deed("", No("Emptying a house is for a person who sees which one."),
        web=No("There only while a sample lives here: site/tests/test_sample_doors.py."), but={"olu": "not_a_sample"}),
    "members.join_community": Deed("name=Zoe", No(SIGNED_IN), web=No(SIGNED_IN)),
}  # fmt: skip

PEOPLE = {
    "members.change_profile": Deed("about=new", "PATCH me", {"about": "new"}, "me", {"name": "New", "handle": "new-one"}),
    "members.set_picture": Deed("picture=@{picture}", "POST me/picture", {"picture": "ann.png"}, "me/picture", {"picture": "ann.png"}),
    "members.remove_picture": Deed("", "DELETE me/picture", web="me/picture", form={"remove": "1"}),
    "members.make_token": Deed("name=x|scopes=read", "POST me/tokens", {"name": "x", "scopes": ["read"]}, "me/tokens",
        {"name": "x", "scopes": ["read"], "days": 0}),
    "members.revoke_token": Deed("token={token}", "DELETE me/tokens/{token}", web="me/tokens/{token}/revoked", first=own_token),
    "members.meet_browser": Deed("browser=Firefox", No("Signing in does it."), web=No("Signing in does it."), keyboard=True),
    "members.note_way_in": Deed("what=password", No("Changing it does it."), web=No("Changing it does it."), keyboard=True),
    "members.end_session": Deed("session={session}", "DELETE me/sessions/{session}", web="me/devices/{session}/end", first=signed_in),
    "members.shut_out": Deed("", "DELETE me/sessions", web=No("It ends at the sign-in page: members/tests/test_browsers.py."), keyboard=True, first=signed_in),
    "members.claim": Deed("secret={secret}", "POST claims", {"secret": "{secret}"}, "claim/{secret}", first=secret_for),
    "members.claim_by_email": Deed("member={mine}", "POST claims", {"handle": "{mine}"}, "me/claims", {"handle": "{mine}"}, first=own_trace),
    "members.change_role": Deed("member=eve|role=support", f"PUT {PERSON}/role", {"role": "support"}, f"{PERSON}/role", {"role": "support"}),
    "members.mark_bot": Deed("member=eve", f"PUT {PERSON}/bot", web=f"{PERSON}/bot", form={"is": "bot"}),
    "members.mark_person": Deed("member=eve", f"DELETE {PERSON}/bot", web=f"{PERSON}/bot", form={"is": "person"}),
    "members.merge_members": Deed("member=eve|into=fay|reason=same", f"POST {PERSON}/merges", {"into": "fay", "reason": "same"},
        f"{PERSON}/merge/fay", {"reason": "same"}),
    "members.unmerge_members": Deed("member=eve|reason=two", f"DELETE {PERSON}/merges", {"reason": "two"}, f"{PERSON}/parting",
        {"reason": "two"}, first=two_are_one),
    "members.offer_claim": Deed("member={trace}", "POST people/{trace}/claim-links", web="people/{trace}/claim-link"),
    "members.offer_new_password": Deed("member=eve", f"POST {PERSON}/password-links", web=f"{PERSON}/password-link", keyboard=True),
}  # fmt: skip

SPACES = {
    "spaces.make_space": Deed("name=Den|parent=hearth", "POST spaces", {"name": "Den", "parent": "hearth"}, "spaces/new?in=hearth",
        {"name": "Den", "openness": "open", "icon": "house"}, placed=True),
    "spaces.change_space": Deed("space=hearth|about=new", f"PATCH {SPACE}", {"about": "new"}, f"{SPACE}/settings",
        {"name": "Hearth", "about": "new", "openness": "open", "icon": "house", "slug": "hearth"}, placed=True),
    "spaces.move_space": Deed("space=nook|parent=workshop", "PUT spaces/nook/parent", {"parent": "workshop"}, "spaces/nook/place",
        {"into": "workshop"}, placed=True),
    "spaces.archive_space": Deed("space=hearth", f"PUT {SPACE}/closing", web=f"{SPACE}/closing", placed=True),
    "spaces.reopen_space": Deed("space=hearth", f"DELETE {SPACE}/closing", web=f"{SPACE}/opening", placed=True,
        first=by_olu(archive_space, space="$hearth")),
    "spaces.make_group": Deed("space=hearth", f"PUT {SPACE}/group", web=f"{SPACE}/group", placed=True),
    "spaces.make_forum": Deed("space=hearth", f"DELETE {SPACE}/group", web=f"{SPACE}/group/end", placed=True,
        first=by_olu(make_group, space="$hearth")),
    "spaces.write_board": Deed("space=hearth|words=Tea", f"PUT {SPACE}/board", {"words": "Tea"}, f"{SPACE}/board", {"words": "Tea"}, placed=True),
    "spaces.wipe_board": Deed("space=hearth", f"DELETE {SPACE}/board", web=f"{SPACE}/board/end", placed=True,
        first=by_olu(write_board, space="$hearth", words="Tea")),
    "spaces.bring_in": Deed("space=workshop|member=fay", "PUT spaces/workshop/people/fay", web="spaces/workshop/people",
        form={"handle": "fay"}, placed=True),
    "spaces.put_out": Deed("space=hearth|member=fay|reason=no", f"DELETE {SPACE}/people/fay", {"reason": "no"}, f"{SPACE}/people/fay/end",
        {"reason": "no"}, placed=True),
    "spaces.make_organiser": Deed("space=hearth|member=ben", f"PUT {SPACE}/organisers/ben", web=f"{SPACE}/organisers",
        form={"handle": "ben"}, placed=True),
    "spaces.end_organiser": Deed("space=hearth|member=ben", f"DELETE {SPACE}/organisers/ben", web=f"{SPACE}/organisers/ben/end",
        placed=True, first=organises_too),
    "spaces.let_in": Deed("ask={ask}", "PUT spaces/workshop/asks/{ask}/entry", web="spaces/workshop/asks/{ask}/entry", placed=True),
    "spaces.turn_down": Deed("ask={ask}|reason=full", "PUT spaces/workshop/asks/{ask}/answer", {"reason": "full"},
        "spaces/workshop/asks/{ask}/answer", {"reason": "full"}, placed=True),
    "spaces.join_space": Deed("space=hearth", f"PUT {SPACE}/belonging", web=f"{SPACE}/belonging"),
    "spaces.leave_space": Deed("space=hearth", f"DELETE {SPACE}/belonging", web=f"{SPACE}/belonging/end", first=by(join_space, space="hearth")),
    "spaces.ask_to_join": Deed("space=workshop", "POST spaces/workshop/asks", {"words": ""}, "spaces/workshop/asks",
        but={"olu": "can_join", "dan": "can_join"}),
    "spaces.take_back_ask": Deed("ask={mine}", "DELETE spaces/workshop/asks/{mine}", web="spaces/workshop/asks/{mine}/end", first=asked),
}  # fmt: skip

_TALK = {"own": True, "placed": True}
TALK = {
    "conversation.open_topic": Deed("space=hearth|title=T|text=x", "POST topics", {"space": "hearth", "title": "T", "text": "x"},
        f"{SPACE}/new", {"title": "T", "text": "x", "asks": "1"}),
    "conversation.reply": Deed("topic={topic}|text=x", "POST topics/{topic}/posts", {"text": "x"}, f"{TOPIC}/replies", {"text": "x"}),
    "conversation.edit_post": Deed("post={own}|text=x", "PATCH posts/{own}", {"text": "x"}, TOPIC + "/{own_no}/edit", {"text": "x"},
        also="talk.tidy", **_TALK),
    "conversation.remove_post": Deed("post={own}|reason=no", "PUT posts/{own}/removal", {"reason": "no"}, TOPIC + "/{own_no}/removal",
        {"reason": "no"}, also="talk.change_own", **_TALK),
    "conversation.restore_post": Deed("post={own}", "DELETE posts/{own}/removal", web=TOPIC + "/{own_no}/removal/end",
        also="talk.change_own", first=removed, **_TALK),
    "conversation.close_topic": Deed("topic={topic}", "PUT topics/{topic}/closing", web=f"{TOPIC}/closing", also="talk.change_own", **_TALK),
    "conversation.reopen_topic": Deed("topic={topic}", "DELETE topics/{topic}/closing", web=f"{TOPIC}/closing/end",
        also="talk.change_own", first=by_olu(close_topic, topic="$topic"), **_TALK),
    "conversation.tag_topic": Deed("topic={topic}|tags=lamp", "PUT topics/{topic}/tags", {"tags": ["lamp"]}, f"{TOPIC}/tags", {"tags": "lamp"},
        also="talk.change_own", **_TALK),
    "conversation.rename_tag": Deed("space=hearth|tag=wick|name=wicks", "PUT " + SPACE + "/tags/name", {"tag": "wick", "name": "wicks"},
        f"{SPACE}/tags/name", {"tag": "wick", "name": "wicks"}, placed=True, first=tagged),
    "conversation.merge_tags": Deed("space=hearth|tag=wick|into=oil", "PUT " + SPACE + "/tags/merge", {"tag": "wick", "into": "oil"},
        f"{SPACE}/tags/merge", {"tag": "wick", "into": "oil"}, placed=True, first=tagged),
    "conversation.pin_topic": Deed("topic={topic}|place=1", "PUT topics/{topic}/pin", {"place": 1}, f"{TOPIC}/pin", placed=True),
    "conversation.unpin_topic": Deed("topic={topic}", "DELETE topics/{topic}/pin", web=f"{TOPIC}/pin/end", placed=True,
        first=by_olu(pin_topic, topic="$topic")),
    "conversation.pin_above_all": Deed("topic={topic}|place=1", "PUT topics/{topic}/front", {"place": 1}, f"{TOPIC}/front"),
    "conversation.unpin_above_all": Deed("topic={topic}", "DELETE topics/{topic}/front", web=f"{TOPIC}/front/end",
        first=by_olu(pin_above_all, topic="$topic")),
    "conversation.make_question": Deed("topic={topic}", "PUT topics/{topic}/question", web=f"{TOPIC}/question", also="talk.change_own", **_TALK),
    "conversation.make_talk": Deed("topic={topic}", "DELETE topics/{topic}/question", web=f"{TOPIC}/question/end", also="talk.change_own", **_TALK),
    "conversation.accept_answer": Deed("post={answer}", "PUT posts/{answer}/acceptance", web=TOPIC + "/{answer_no}/acceptance", **_TALK),
    "conversation.withdraw_acceptance": Deed("topic={topic}", "DELETE topics/{topic}/acceptance", web=f"{TOPIC}/acceptance/end",
        first=by_olu(accept_answer, post="$answer"), **_TALK),
    "conversation.react": Deed("post={answer}", "PUT posts/{answer}/reactions/heart", web=TOPIC + "/{answer_no}/reactions"),
    "conversation.take_back_reaction": Deed("post={answer}", "DELETE posts/{answer}/reactions/heart", web=TOPIC + "/{answer_no}/reactions/end",
        first=by(react, post="answer")),
    "conversation.say_helped": Deed("post={answer}", "PUT posts/{answer}/helped", web=TOPIC + "/{answer_no}/helped"),
    "conversation.take_back_helped": Deed("post={answer}", "DELETE posts/{answer}/helped", web=TOPIC + "/{answer_no}/helped/end",
        first=by(say_helped, post="answer")),
    "conversation.share_file": Deed("file=@{picture}|name=a.png", "POST files", {"file": "ann.png"}, "files", {"file": "ann.png"}),
    "conversation.remove_file": Deed("file={file}|space=hearth|reason=no", "PUT " + SPACE + "/files/{file}/removal", {"reason": "no"},
        SPACE + "/library/{file}/removal", {"reason": "no"}, placed=True),
    "conversation.put_file_back": Deed("file={file}|space=hearth", "DELETE " + SPACE + "/files/{file}/removal",
        web=SPACE + "/library/{file}/removal/end", placed=True, first=taken_out),
    "conversation.change_sharing": Deed("file_mib=40", "PATCH community/sharing", {"file_mib": 40}, "community/sharing",
        {"kinds": ["picture"], "file_mib": "40", "day_mib": "400"}),
    "conversation.keep_draft": Deed("place=reply:{topic}|text=x", "PUT drafts", {"place": "reply:{topic}", "text": "x"}, "talk/drafts",
        {"place": "reply:{topic}", "text": "x"}),
    "conversation.drop_draft": Deed("place=reply:{topic}", "DELETE drafts?place=reply:{topic}", web="talk/drafts/end",
        form={"place": "reply:{topic}", "slot": "1"}, first=drafted),
    "conversation.keep_for_later": Deed("post={answer}|note=x", "PUT posts/{answer}/later", {"note": "x"}, TOPIC + "/{answer_no}/later"),
    "conversation.let_go": Deed("post={answer}", "DELETE posts/{answer}/later", web=TOPIC + "/{answer_no}/later/end",
        first=by(keep_for_later, post="answer")),
    "conversation.follow_topic": Deed("topic={topic}|level=watch", "PUT topics/{topic}/following", {"level": "watch"}, f"{TOPIC}/following",
        {"level": "watch"}),
    "conversation.follow_as_space": Deed("topic={topic}", "DELETE topics/{topic}/following", web=f"{TOPIC}/following/end"),
    "conversation.follow_space": Deed("space=hearth|level=watch", f"PUT {SPACE}/following", {"level": "watch"}, f"{SPACE}/following",
        {"level": "watch"}),
    "conversation.change_habits": Deed("follow_spoken=no", "PUT following/habits", {"follow_spoken": False}, "following/habits", {}),
    "conversation.mark_all_read": Deed("", "PUT topics/read", {}, "talk/read", {}),
    "conversation.dismiss_new": Deed("", "DELETE topics/new", web="talk/new/end"),
    "conversation.mark_topic_read": Deed("topic={topic}|number=2", "PUT topics/{topic}/reading", {"number": 2}, f"{TOPIC}/reading",
        {"number": "2"}),
}  # fmt: skip


WORK = {
    "connectors.ask_for_import": Deed("importer=members|upload={upload}", "POST imports", {"importer": "members", "upload": "{upload}"},
        "cockpit/import/members/{upload}", {"source": "old"}),
    "connectors.name_file": Deed("path={picture}", No("POST /imports takes the path itself."), web="cockpit/import",
        form={"importer": "members", "path": "{picture}"}, but={"dan": "path_is_the_owners"}),
    "site.stop_work": Deed("job={job}", "POST jobs/{job}/stop", web="jobs/{job}/stop", first=in_line),
    "site.resume_work": Deed("job={job}", "POST jobs/{job}/resume", web="jobs/{job}/resume", first=in_line),
    "site.try_line_again": Deed("line={line}", "POST house/lines/{line}/try", web=f"{DOING}/lines/{{line}}/try"),
    "site.try_lines_again": Deed("reaction=notifications.tell", "POST house/lines/try", {"reaction": "notifications.tell"}, f"{DOING}/lines/try",
        {"reaction": "notifications.tell"}),
    "site.let_line_go": Deed("line={line}|reason=old", "POST house/lines/{line}/end", {"reason": "old"}, f"{DOING}/lines/{{line}}/end", {"reason": "old"}),
    "site.try_letter_again": Deed("letter={letter}", "POST house/letters/{letter}/try", web=f"{DOING}/letters/{{letter}}/try"),
    "site.ask_to_be_erased": Deed("handle={me}", "POST me/erasure", {"handle": "{me}"}, web="me/data/erasure", form={"handle": "{me}"}, keyboard=True, first=myself, but={"olu": "owner_first"}),
    "site.take_back_erasure": Deed("", "DELETE me/erasure", web="me/data/erasure/end", keyboard=True, first=asked_to_go, but={"olu": "nothing_asked"}),
    "site.erase_member": Deed("member=eve|reason=asked", f"POST {PERSON}/erasure", {"reason": "asked"}, f"{PERSON}/erasure", {"reason": "asked"},
        keyboard=True),
    "site.keep_for": Deed("what=letters|days=14", "PUT retention/letters", {"days": 14}, "community/retention", {"what": "letters", "days": "14"}),
    "site.export_own_data": Deed("", "POST me/exports", web="me/data/export"),
    "site.export_community": Deed("", "POST exports", web="cockpit/export"),
    "site.remove_export": Deed("takeout={export}", "DELETE exports/{export}", web="cockpit/export/{export}/end"),
    "site.let_letter_go": Deed("letter={letter}|reason=old", "POST house/letters/{letter}/end", {"reason": "old"}, f"{DOING}/letters/{{letter}}/end",
        {"reason": "old"}),
}  # fmt: skip

DEEDS: dict[str, Deed] = COMMUNITY | PEOPLE | SPACES | TALK | PRIVATE | MODERATION | ORGANISING | TELLING | WORK | BRINGING

# What another act or a reading makes in passing: nobody chooses it, so nobody is asked.
PASSING = {
    "members.note_seen", "members.note_token_used", "spaces.note_talk", "spaces.note_leaving", "spaces.set_talk", "conversation.turn_topics", "notifications.move_told", "conversation.keep_rendered",
    "conversation.mend_spaces", "conversation.mend_topics", "conversation.mend_topics_of",
    "conversation.index_piece", "conversation.index_posts", "conversation.index_topics",
    "conversation.sweep_unused", "conversation.take_away_bytes", "conversation.call_no_more", "conversation.forget_reasons", "conversation.take_words", "members.lay_tombstone", "site.end_erasure",
    "site.note_export", "site.note_own_ready", "site.note_ready",
    "conversation.tell_watchers", "conversation.tell_rest",
    "notifications.note_skipped", "notifications.write_letters", "notifications.give_turns", "notifications.write_digests", "notifications.note_outcome", "notifications.note_push", "notifications.make_push_key",
    "conversation.note_links", "conversation.keep_link", "conversation.forget_links",
}  # fmt: skip
