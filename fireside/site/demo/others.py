"""What is in the house and is not the sample's: it moves in beside nothing, and takes nothing along when it goes."""

from fireside.activity import jobs
from fireside.activity.state import anything_brought_in, anything_recorded, began_with
from fireside.connectors.queries import anything_run
from fireside.conversation.queries import anything_said
from fireside.members.kinds import COMMUNITY_SET_UP
from fireside.members.queries import anybody_from_elsewhere, anybody_here

IMPORTS = "connectors.import_"


def holds_nothing() -> bool:
    """No member, no line, no word, no import, past or under way. At most five queries, each for one row."""
    return not (anything_recorded() or anybody_here() or anything_said() or anything_run() or jobs.any_open(IMPORTS))


def holds_own_history() -> bool:
    """Beside the sample: an import, or anything from before the sample was founded.

    What visitors did in the sample, their sign-up included, is the sample's: the house was marked as one while they did it.
    A sample is founded in a house that holds nothing, so all that is older than its founding, and all that was brought in, is not its own.
    """
    return anything_run() or jobs.any_open(IMPORTS) or not began_with(COMMUNITY_SET_UP) or anything_brought_in() or anybody_from_elsewhere()
