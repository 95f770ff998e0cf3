"""What reports hold of people. A report goes with who made it; what was decided stays, without the words of who decided."""

from fireside.lib.holds import holds

holds("moderation.Case", of=("decided_by_id",), erase="strip", blank={"reason": ""})
