"""What happens here: the mirror moves, is tidied and made anew; answers are kept. All of it can be made again from the log.

Not marked @action: nothing here is asked for by a member, and none of it is news. Each write is one short transaction.
"""

from fireside.insights.actions.answers import cockpit_answers, keep_answer, refresh_standing, tidy_answers
from fireside.insights.actions.mirror import (
    bring_up_to_date,
    copy_people,
    move_mirror,
    needs_rebuild,
    rebuild_here,
    rebuild_mirror,
)  # fmt: skip
from fireside.insights.actions.tidying import make_rollups, merge_segments, remove_rubbish

__all__ = [
    "bring_up_to_date", "cockpit_answers", "copy_people", "keep_answer", "make_rollups", "merge_segments", "move_mirror", "needs_rebuild", "rebuild_here",
    "rebuild_mirror", "refresh_standing", "remove_rubbish", "tidy_answers",
]  # fmt: skip
