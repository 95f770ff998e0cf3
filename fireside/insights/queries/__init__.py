"""Questions about numbers. `answer` is what the cockpit, the API and the command line read."""

from fireside.insights.queries.answering import answer, list_metrics
from fireside.insights.queries.asking import NAMES, Ask
from fireside.insights.queries.evidence import Behind, evidence

__all__ = ["NAMES", "Ask", "Behind", "answer", "evidence", "list_metrics"]
