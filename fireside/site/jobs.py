"""Long work of the site."""

from typing import Any

from fireside.activity.actor import Actor
from fireside.activity.jobs import job
from fireside.site.demo.growing import grow


@job("site.demo")
def demo(actor: Actor, progress: Any, **size: Any) -> None:
    """The sample community moves in."""
    grow(actor, progress, **size)
