"""How a whole community comes in, for the command that brings in histories."""

from pathlib import Path
from typing import Any

from fireside.activity.actor import house
from fireside.connectors.whole import whole_by
from fireside.site.carrying.bringing import bring_house


@whole_by
def bring(path: Path, told: Any) -> dict[str, Any]:
    return bring_house(house("cli"), path, told=told)
