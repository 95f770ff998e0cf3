"""What an operator may say of a chat that does not tell it itself: who reads it here, by which clock it was written down."""

from dataclasses import asdict, dataclass
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fireside.connectors.rules.records import Unusable

OPENNESS = ("public", "open", "private", "hidden")
ZONE = "Asia/Shanghai"  # the clock of QQ and WeChat, where nobody says otherwise
TELLS_NOT = ("discord", "qq", "wechat", "chatlab")
LOCAL_CLOCK = ("qq", "wechat")  # and by whose clock they were written down  # chats that do not say who may read them


@dataclass(frozen=True, slots=True)
class Asked:
    """`openness` of the spaces that are made, "" = private; `one_to_one`: conversations of two come in, too, for these two."""

    openness: str = ""
    zone: str = ""
    one_to_one: bool = False

    def check(self) -> None:
        """Unusable("unknown_openness" | "unknown_zone")."""
        if self.openness and self.openness not in OPENNESS:
            raise Unusable("unknown_openness")
        _ = self.clock

    @property
    def said(self) -> dict[str, object]:
        """What was said, and nothing of the rest."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def group(self) -> str:
        """The openness of a conversation of many: as narrow as it was, unless the operator says otherwise."""
        return self.openness or "private"

    @property
    def clock(self) -> tzinfo:
        try:
            return ZoneInfo(self.zone or ZONE)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Unusable("unknown_zone") from None
