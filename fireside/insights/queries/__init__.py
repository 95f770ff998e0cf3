"""Questions about numbers. `answer` is what the cockpit, the API and the command line read."""

from fireside.insights.queries.answering import answer, list_metrics, space_names, titles
from fireside.insights.queries.asking import NAMES, Ask, get_metric
from fireside.insights.queries.charts import chart_of, table_of
from fireside.insights.queries.coming import counted_until, has_figures, is_blank, on_their_way
from fireside.insights.queries.defining import write_metrics
from fireside.insights.queries.evidence import Behind, evidence, in_short
from fireside.insights.queries.rings import people_in, picture_of
from fireside.insights.queries.standing import PERIODS
from fireside.insights.queries.taking import PARTS, csv_of

__all__ = [
    "NAMES", "PARTS", "PERIODS", "Ask", "Behind", "answer", "chart_of", "counted_until", "csv_of", "evidence", "get_metric", "has_figures", "in_short",
    "is_blank", "list_metrics", "on_their_way", "people_in", "picture_of", "space_names", "table_of", "titles", "write_metrics",
]  # fmt: skip
