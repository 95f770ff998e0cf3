"""What a metric is made of, and what it is asked with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from fireside.insights.rules import By, interval_of

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

Staff = Literal["include", "exclude", "only"]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Params:
    """What is asked. Days are numbers since 1970-01-01 in the community's time zone, both ends included."""

    since: int
    until: int
    by: By
    as_of_ms: int  # the instant up to which we know
    as_of_day: int
    zone: str
    spaces: tuple[int, ...] | None = None  # None = everywhere; a space comes with all below it
    space: str = ""
    listed: tuple[int, ...] | None = None  # where spaces are listed: those open to who asks; None = all
    bots: bool = False
    staff: Staff = "include"
    mode: str = ""
    offsets: int = 0  # retention: how many intervals to follow
    bracket: tuple[int, int] = (1, 4)
    k: int = 4  # retention: after how many intervals the number in front is

    @property
    def first(self) -> int:
        return interval_of(self.since, self.by)

    @property
    def last(self) -> int:
        return interval_of(self.until, self.by)

    def canonical(self) -> dict[str, Any]:
        """What tells two answers apart; the instant does not, it is the answer's clock."""
        plain = asdict(self)
        for name in ("as_of_ms", "as_of_day"):
            plain.pop(name)
        return plain


@dataclass(frozen=True)
class Tables:
    """The four tables of the mirror, as ibis expressions of whatever engine holds them, and what a metric had held first."""

    lines: "ir.Table"
    people: "ir.Table"
    days: "ir.Table"
    places: "ir.Table"
    held: "Mapping[str, ir.Table]" = field(default_factory=dict)


@dataclass(frozen=True)
class Body:
    """An answer's own part: the number in front, the rows behind it, and what else the page draws."""

    headline: dict[str, Any]
    rows: Rows
    columns: Sequence[tuple[str, Any, str]]  # (key, words, unit)
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Evidence:
    """The people, posts, helps or spaces behind a number: an expression with `key` (unique, whole number) and `value` to order by;
    of helps (which have a line of the log for a key) also `post` and `person_id`, who was helped."""

    what: Literal["people", "topics", "posts", "helps", "spaces"]
    rows: "ir.Table"
    value: Any  # words for `value`; of units that are counted (number, days) with its number in them: ngettext_lazy(…, "n")
    unit: str
    rising: bool = False  # smallest value first

    @property
    def columns(self) -> tuple[str, ...]:
        return ("key", "value", "post", "person_id") if self.what == "helps" else ("key", "value")


@dataclass(frozen=True)
class Reckoning:
    """What no engine can work out: plain Python between `hold` and `tables`. `work` gets the columns of the held tables that `reads`
    names, in no order (and may take them out, so that their room is free), and gives Arrow tables that are held like them; the same for the same rows, in whatever order they come."""

    reads: tuple[str, ...]
    work: "Callable[[dict[str, pa.Table], Params], Mapping[str, pa.Table]]"


@dataclass(frozen=True)
class Metric:
    name: str
    title: Any
    definition: Any  # how it is counted
    population: Any  # of whom
    unit: str  # of the headline: people, acts, share, seconds, heat
    source: str  # where the formula is from
    tables: "Callable[[Tables, Params], Mapping[str, ir.Table]]"
    shape: Callable[[Mapping[str, Any], Params], Body]
    hold: "Callable[[Tables, Params], Mapping[str, ir.Table]] | None" = None  # worked out once, then read by `tables` and `evidence`
    reckon: "Reckoning | None" = None
    evidence: "Callable[[Tables, Params, str, Mapping[str, str]], Evidence] | None" = None
    which: Mapping[str, Any] = field(default_factory=dict)  # kinds of evidence: key -> words; the first is the default
    modes: Mapping[str, Any] = field(default_factory=dict)  # key -> words; the first is the default
    lists_spaces: tuple[str, ...] = ()  # modes whose answer names spaces one by one: computed for those open to the viewer
    staff: Staff = "include"
    by: By = "week"
    columnar: bool = False  # the shape reads Arrow columns: many rows come back
    window: int = 13  # intervals shown when no time is asked for
