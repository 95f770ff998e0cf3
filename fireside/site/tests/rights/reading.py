"""What is only read, and forms that change nothing of the community: who finds something there."""

from typing import Any

from fireside.members.rights import RIGHTS
from fireside.site.tests.rights.stage import BY_ROLE, VISITOR, Deed, holds

ALL, MEMBERS = "", "members"  # what one finds there follows from what one may see; hidden and missing look alike
RUN, TEND, NUMBERS, WATCH, OUT = "history.bring_in", "members.tend", "numbers.read", "house.watch", "community.export"
RIGHTS_ASKED = (NUMBERS, OUT, RUN, TEND, WATCH)

JSON = {
    "GET me/blocked": MEMBERS, "GET messages": MEMBERS, "GET messages/wish": MEMBERS, "GET messages/words": MEMBERS, "GET messages/{topic}": None, "GET messages/{topic}/posts": None,
    "GET community": ALL, "GET people": MEMBERS, "GET people/{handle}": MEMBERS, "GET people/{handle}/identities": TEND, "GET me": MEMBERS,
    "GET me/tokens": MEMBERS, "GET me/sessions": MEMBERS, "GET reports": "moderation.decide", "GET notices": MEMBERS, "GET notices/bell": MEMBERS, "GET notices/kinds": MEMBERS, "GET spaces": ALL, "GET spaces/{slug}": MEMBERS,
    "GET spaces/{slug}/people": MEMBERS, "GET spaces/{slug}/asks": "spaces.run", "GET topics": ALL, "GET search": ALL, "GET topics/{topic}": MEMBERS,
    "GET files/{file}": MEMBERS, "GET spaces/{slug}/files": MEMBERS, "GET community/sharing": ALL,
    "GET topics/{topic}/posts": MEMBERS, "GET topics/{topic}/move": "talk.tidy", "GET topics/{topic}/merge": "talk.tidy", "GET posts/{post}": MEMBERS, "GET posts/{post}/edits": "talk.tidy", "GET drafts": MEMBERS, "GET later": MEMBERS, "GET topics/counts": MEMBERS, "GET following": MEMBERS, "GET topics/{topic}/following": MEMBERS, "GET spaces/{slug}/following": MEMBERS, "GET spaces/{slug}/tags": MEMBERS,
    "GET metrics": NUMBERS, "GET metrics/{name}": NUMBERS, "GET metrics/{name}/evidence": NUMBERS, "GET imports": RUN,
    "GET imports/{run_id}": RUN, "GET imports/{run_id}/rejected": None, "GET jobs/{job_id}": WATCH, "GET jobs": WATCH, "GET house": WATCH,
    "GET limits": ALL, "GET spaces/{slug}/similar": MEMBERS, "GET limits/held": WATCH, "GET house/lines": WATCH, "GET house/letters": WATCH, "GET exports": OUT, "GET me/erasure": None, "GET me/exports": MEMBERS, "GET me/exports/{own}/file": None, "GET retention": "community.change", "GET exports/{key}/file": None,
    "GET me/telling": MEMBERS, "GET me/push": MEMBERS, "GET me/digest": MEMBERS, "GET people/{handle}/digest": TEND, "GET house/bounces": WATCH, "GET community/telling": WATCH, "GET house/departures": WATCH, "GET house/departures/reasons": WATCH,
}  # fmt: skip
ASKED = {
    "GET topics/{topic}/move": "?space=workshop",
    "GET topics/{topic}/merge": "?into={topic}",
    "GET spaces/{slug}/similar": "?title=wick",
}  # fmt: skip  what an address must be asked with
DEAR = {"/cockpit", "/cockpit/talk/people"}  # who reads it is shown in insights/tests/test_doors.py; here, whom it is closed to
JSON_ELSE = {
    "POST preview": "It changes nothing.",
    "POST imports/preview": "It changes nothing; whom it is closed to is shown in connectors/tests/test_first_rows.py.",
}

PAGES = {
    "me/blocked": MEMBERS, "messages": MEMBERS, "messages/new": MEMBERS, "messages/people": MEMBERS, "messages/count": None, "messages/<int:topic>/people": None, "messages/settings": MEMBERS,
    "share": MEMBERS, "manifest.webmanifest": ALL, "app/icon-<int:size>.png": None, "app/icon-<int:size>-<str:kind>.png": None, "offline": ALL,
    "": ALL, "keys": ALL, "people": MEMBERS, "people/tend": TEND, "people/tend/rights": TEND, "people/<str:handle>": MEMBERS,
    "people/<str:handle>/identity": TEND, "people/<str:handle>/merge/<str:other>": TEND, "claim/<str:secret>": MEMBERS,
    "pictures/<str:name>": None, "not-me/<str:secret>": None, "me": MEMBERS, "me/tokens": MEMBERS, "community": "community.change", "notices": MEMBERS, "notices/settings": MEMBERS, "notices/bell": None, "notices/newest": None,
    "notices/<int:pk>": None, "reports": "moderation.decide", "reports/<int:case>": None, "t/<int:topic>/<int:number>/report": MEMBERS, "spaces": ALL, "spaces/new": "spaces.make", "spaces/<str:slug>/settings": "spaces.run",
    "spaces/<str:slug>/people": MEMBERS, "talk": ALL, "talk/news": ALL, "search": ALL, "later": MEMBERS, "following": MEMBERS, "start": None, "spaces/<str:slug>": MEMBERS, "spaces/<str:slug>/new": MEMBERS,
    "t/<int:topic>": MEMBERS, "t/<int:topic>/<int:number>": MEMBERS, "t/<int:topic>/news": MEMBERS, "t/<int:topic>/composer": MEMBERS,
    "spaces/<str:slug>/tags": MEMBERS, "spaces/<str:slug>/tags/suggested": MEMBERS, "t/<int:topic>/tags": "talk.tidy",
    "t/<int:topic>/pin": "talk.tidy", "t/<int:topic>/closing": "talk.tidy", "t/<int:topic>/move": "talk.tidy", "t/<int:topic>/split": "talk.tidy", "t/<int:topic>/chat/part": MEMBERS, "t/<int:topic>/merge": "talk.tidy", "t/<int:topic>/<int:number>/edit": "talk.tidy", "t/<int:topic>/<int:number>/edits": "talk.tidy",
    "t/<int:topic>/<int:number>/removal": "talk.tidy", "talk/mentions": MEMBERS, "cockpit/import": RUN, "cockpit/import/runs/<int:pk>": RUN,
    "spaces/<str:slug>/library": MEMBERS, "community/sharing": "community.change", "links/<int:preview_id>.webp": None, "files/<int:file_id>": MEMBERS, "files/<int:file_id>/<str:part>": MEMBERS,
    "cockpit/import/runs/<int:pk>/rejected.<str:form>": None, "cockpit/import/<str:importer>/<str:key>": RUN, "cockpit": NUMBERS,
    "cockpit/<str:name>": NUMBERS, "cockpit/<str:name>/people": NUMBERS, "cockpit/<str:name>/csv": NUMBERS, "setup": None, "setup/start": None,
    "setup/bring": None, "setup/enter": None, "setup/empty": None, "jobs/<int:pk>": WATCH, "jobs/<int:pk>/now": WATCH, "cockpit/doing": WATCH, "me/data": MEMBERS, "me/data/<str:key>.zip": None, "community/retention": "community.change", "people/<str:handle>/erasure": "members.erase", "cockpit/export": OUT, "cockpit/export/<str:key>.zip": None, "readyz": None,
    "metrics": RUN, "limits": ALL, "spaces/<str:slug>/similar": MEMBERS,
    "me/telling": MEMBERS, "sw.js": ALL, "me/digest": MEMBERS, "people/<str:handle>/digest": TEND, "letters/stop/<str:link>": None, "cockpit/departures": WATCH, "cockpit/departures/defaults": "community.change",
}  # fmt: skip
FORMS_ELSE = {
    "t/<int:topic>/chat/messages": "conversation.reply through an open chat: conversation/tests/test_shapes.py.",
    "not-me/<str:secret>": "By the link of a letter: members/tests/test_browsers.py.",
    "me/devices/end": "Whoever asks is signed out: members/tests/test_browsers.py.",
    "talk/preview": "It changes nothing.",
    "share": "It changes nothing: it asks for the space.",
    "notices/<int:pk>/read": "As notices/read, for one of them.",
    "look": "A cookie of this browser; signed in, members.change_profile.",
    "setup/sample": "By the set-up link only, in an empty house: test_setup.py.",
    "setup/empty": "By the set-up link or by the owner, while a sample lives here: test_sample_doors.py.",
}


def strangers(world: Any) -> list[str]:
    """Pages and operations that let somebody in whom the table does not, or keep somebody out."""
    from fireside.activity.jobs import ask_for

    job = ask_for(world.as_("house"), "connectors.import_members")
    names = {
        "handle": "eve", "other": "fay", "slug": "hearth", "topic": world.topic.pk, "post": world.own.pk, "number": world.own.number,
        "name": "talk", "run_id": world.names["run"], "job_id": job.pk, "pk": job.pk, "secret": "x", "importer": "members", "key": world.names["upload"],
        "file": world.names["file"], "file_id": world.names["file"], "part": "32.webp",
    }  # fmt: skip
    asked = [
        (f"/api/v1/{one.partition(' ')[2].format(**names)}{ASKED.get(one, '').format(**names)}", right)
        for one, right in JSON.items()
        if right is not None
    ]
    for route, right in PAGES.items():
        if right is not None:
            more = {"pk": world.names["run"]} if "runs" in route else {}
            asked.append(("/" + path_of(route, names | more), right))
    wrong = []
    for path, right in asked:
        address = path + ("?place=reply:1" if path.endswith("/drafts") else "")
        holders = [who for who in (*BY_ROLE, VISITOR) if opens(right, who)]
        others = [who for who in (*BY_ROLE, VISITOR) if who not in holders]
        for who in [*others, *([] if path in DEAR else holders[-1:])]:  # of those who may, the one with the least of a role
            status = world.browsers[who].get(address).status_code
            let_in = status < 300 or (status == 302 and "composer" in path and who != VISITOR) or (status == 302 and path.startswith("/t/"))
            if let_in != opens(right, who):
                wrong.append(f"GET {address} by {BY_ROLE.get(who, 'a visitor')}: {status}, {right or 'everybody'} says otherwise")
    return wrong


def opens(right: str, who: str) -> bool:
    return right == ALL or (who != VISITOR if right == MEMBERS else holds(RIGHTS[right], Deed("", ""), who))


def path_of(route: str, names: dict[str, Any]) -> str:
    import re

    return re.sub(r"<\w+:(\w+)>", lambda found: str(names[found[1]]), route)
