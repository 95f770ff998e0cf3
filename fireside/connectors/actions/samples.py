"""Nobody's history goes into a sample: it would go away with it."""

from django.utils.translation import gettext_lazy as _

from fireside.lib.errors import Refused
from fireside.members.queries import a_sample_lives_here

SAMPLE_HERE = _(
    "A sample community lives here, and what is brought in now would go away with it. Remove the sample first (“Remove the sample” at the top of its pages, or fireside demo --remove); then bring your history into your own house."
)


def refuse_in_sample() -> None:
    """Asked at every door before anything is handed in, and once more when a run begins."""
    if a_sample_lives_here():
        raise Refused("sample_here", SAMPLE_HERE)
