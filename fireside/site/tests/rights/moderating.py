"""How the acts on reports are asked for: a part of the table in deeds.py."""

from typing import Any

from fireside.moderation.actions import report_post
from fireside.site.tests.rights.stage import Deed


def reported(world: Any, who: str) -> dict[str, Any]:
    return {"case": report_post(world.as_("eve"), post=world.own, reason="spam").pk}


MODERATION = {
    "moderation.report_post": Deed("post={answer}|reason=spam", "POST posts/{answer}/reports", {"reason": "spam"}, "t/{topic}/{answer_no}/report",
        {"reason": "spam"}),
    "moderation.decide_case": Deed("case={case}|decision=dismissed", "PUT reports/{case}/decision", {"decision": "dismissed"}, "reports/{case}",
        {"decision": "dismissed"}, placed=True, first=reported),
}  # fmt: skip
