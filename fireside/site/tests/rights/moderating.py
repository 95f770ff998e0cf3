"""How the acts on reports are asked for: a part of the table in deeds.py."""

from typing import Any

from fireside.conversation.actions import begin_conversation
from fireside.moderation.actions import report_post
from fireside.site.tests.rights.stage import Deed


def reported(world: Any, who: str) -> dict[str, Any]:
    return {"case": report_post(world.as_("eve"), post=world.own, reason="spam").pk}


def reported_privately(world: Any, who: str) -> dict[str, Any]:
    begun = begin_conversation(world.as_("fay", via="cli"), people=[world.people["eve"]], text="Not for all.")
    world.case = report_post(world.as_("eve"), post=begun.posts.get(), reason="spam")
    return {"case": world.case.pk}


MODERATION = {
    "moderation.look_at_case": Deed("case={case}", "PUT reports/{case}/reading", web="reports/{case}/reading", first=reported_privately),
    "moderation.report_post": Deed("post={answer}|reason=spam", "POST posts/{answer}/reports", {"reason": "spam"}, "t/{topic}/{answer_no}/report",
        {"reason": "spam"}),
    "moderation.decide_case": Deed("case={case}|decision=dismissed", "PUT reports/{case}/decision", {"decision": "dismissed"}, "reports/{case}",
        {"decision": "dismissed"}, placed=True, first=reported),
}  # fmt: skip
