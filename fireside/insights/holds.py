"""The numbers' tables: all of it can be made again from the log."""

from fireside.lib.holds import ANEW, holds

for made in ("insights.Mirror", "insights.Segment", "insights.Answer"):
    holds(made, stays=ANEW)
