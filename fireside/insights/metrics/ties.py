"""Ties between people as a graph: who has how many, who is the core, without whom a group would part.

Core: of the people in the order of their ties, the largest number h of whom each has ties with at least h others; everybody with at
least h is the core, when h is 2 or more. For a graph this parting is the best of Borgatti and Everett's model of a core and a periphery
(Social Networks 21, 1999): Lip, A fast algorithm for the discrete core/periphery bipartitioning problem (arXiv 1102.5511, 2011).
Bridge: an articulation point (Hopcroft and Tarjan, CACM 16, 1973) that parts a group of at least two from the rest, the largest part.
Biconnected components are rustworkx's. They are asked of two scan-first forests instead of all ties, because these have the same
articulation points with fewer than two ties a person: Cheriyan, Kao and Thurimella, Scan-first search and sparse certificates (SIAM
J. Comput. 22, 1993); breadth-first search, here SciPy's, is one.
"""

from itertools import pairwise
from typing import Any

from fireside.insights.metrics.base import Params

EDGE, BETWEEN, CORE = 0, 1, 2
TO_LOW, TO_HIGH = 1, 2
TOP = 3  # who leaves, to see how much hangs on them
FEW = 10  # people with ties: of fewer, what three of them hold is no news
GROUP = 2  # people: one alone who would be left is on the edge, not a group


def work(found: dict[str, Any], p: Params) -> dict[str, Any]:
    """`met` (i, low, high, way: two persons with a tie in an interval, the smaller number first, and who turned to whom) becomes

    `tied`: one row a person with ties: person_id, ties (others), ring, place (its number in the order in which `parts` are spans),
    turned (0, 1: somebody turned to them), top, left (0, 1: of the three with most; who would be left with nobody without them), parted (people apart from the rest
    without this one, or 0). `parts`: for each bridge the spans of places of whom it would part: bridge, low, high (not included), and
    around (of each part, the person with most ties). `by_interval`: (i, tied), how many had a tie in it. `whole`: one row about all.
    """
    import numpy as np
    import pyarrow as pa

    met = found.pop("met")  # and so let go of, before more is made of it
    people, a, b = _numbered(met.column("low").to_numpy(), met.column("high").to_numpy())
    n, i, way = len(people), met.column("i").to_numpy(), met.column("way").to_numpy()
    turned = np.zeros(n, dtype=np.int64)
    turned[a[way & TO_LOW > 0]] = 1
    turned[b[way & TO_HIGH > 0]] = 1
    by_interval = _by_interval(i, a, b, n)
    del met, i, way
    graph = _matrix(a, b, n)
    del a, b
    ties = np.diff(graph.indptr).astype(np.int64)
    a = np.repeat(np.arange(n, dtype=np.int32), ties)
    b = graph.indices
    a, b = a[b > a], b[b > a]  # every tie once
    h = _h(ties)
    ring = np.where((ties >= h) & (h >= 2), CORE, np.where(ties == 1, EDGE, BETWEEN))
    top = np.zeros(n, dtype=np.int64)
    top[np.lexsort((people, -ties))[:TOP]] = 1
    with_top = (top[a] | top[b]).astype(bool)
    lost = np.bincount(a[with_top], minlength=n) + np.bincount(b[with_top], minlength=n)
    left = ((lost == ties) & (top == 0)).astype(np.int64)
    groups, largest = _groups(graph, n)
    places, spans, parted = _bridges(graph, ties, n)
    columns = {
        "person_id": people,
        "ties": ties,
        "ring": ring,
        "place": places,
        "turned": turned,
        "top": top,
        "left": left,
        "parted": parted,
    }
    parts = [(int(people[v]), start, end, int(people[around])) for v, start, end, around in spans]
    return {
        "tied": pa.table({name: pa.array(values, pa.int64()) for name, values in columns.items()}),
        "parts": pa.table({name: pa.array([row[i] for row in parts], pa.int64()) for i, name in enumerate(("bridge", "low", "high", "around"))}),
        "by_interval": pa.table({name: pa.array(values, pa.int64()) for name, values in zip(("i", "tied"), by_interval, strict=True)}),
        "whole": pa.table({"people": [n], "ties": [len(a)], "h": [h if h >= 2 else 0], "groups": [groups], "largest": [largest],
                           "lost": [int(with_top.sum())], "left": [int(left.sum())]}, schema=_WHOLE()),
    }  # fmt: skip


def _WHOLE() -> Any:
    import pyarrow as pa

    return pa.schema([(name, pa.int64()) for name in ("people", "ties", "h", "groups", "largest", "lost", "left")])


def _numbered(low: Any, high: Any) -> tuple[Any, Any, Any]:
    """(persons in rising order, places among them of both ends of every tie). Ids of a house lie close: a table of them is quicker than
    sorting. Of traces far apart it would be large."""
    import numpy as np

    most = int(high.max()) if len(high) else 0
    if most <= 8 * len(high) + 1_000_000:
        there = np.zeros(most + 1, dtype=bool)
        there[low] = there[high] = True
        people, place = np.flatnonzero(there), np.cumsum(there, dtype=np.int32) - 1
        return people, place[low], place[high]
    people = np.unique(np.concatenate((low, high)))
    return people, np.searchsorted(people, low).astype(np.int32), np.searchsorted(people, high).astype(np.int32)


def _by_interval(i: Any, a: Any, b: Any, n: int) -> tuple[Any, Any]:
    """(intervals, people with a tie in each)."""
    import numpy as np

    if not len(i):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    first, counts = int(i.min()), []
    order = np.argsort(i, kind="stable")
    ends = np.searchsorted(i[order], np.arange(first, int(i.max()) + 2))
    for begin, end in pairwise(ends):
        there = np.zeros(n, dtype=bool)
        there[a[order[begin:end]]] = there[b[order[begin:end]]] = True
        counts.append(int(there.sum()))
    return np.arange(first, first + len(counts)), np.array(counts)


def _h(ties: Any) -> int:
    """The largest h for which h people have at least h ties."""
    import numpy as np

    falling = np.sort(ties)[::-1]
    return int(np.sum(falling >= np.arange(1, len(falling) + 1)))


def _matrix(a: Any, b: Any, n: int) -> Any:
    """Both directions of every tie, as a sparse matrix."""
    import numpy as np
    from scipy import sparse  # type: ignore[import-untyped]

    ones = np.ones(2 * len(a), dtype=np.int8)
    matrix = sparse.csr_matrix(
        (ones, (np.concatenate((a, b)), np.concatenate((b, a)))), shape=(n, n)
    )  # adds up: that of two intervals is one
    matrix.data[:] = 1
    return matrix


def _groups(graph: Any, n: int) -> tuple[int, int]:
    """(how many groups have no tie between them, people in the largest)."""
    import numpy as np
    from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

    if not n:
        return 0, 0
    count, label = connected_components(graph, directed=False)
    return int(count), int(np.bincount(label).max())


def _forest(graph: Any, n: int) -> tuple[Any, Any]:
    """(order, parent) of breadth-first trees through every group, each from its smallest number; a root's parent is n."""
    import numpy as np
    from scipy import sparse
    from scipy.sparse.csgraph import breadth_first_order, connected_components

    _count, label = connected_components(graph, directed=False)
    roots = np.unique(label, return_index=True)[1]
    above = sparse.csr_matrix((np.ones(len(roots), dtype=np.int8), (np.zeros(len(roots), dtype=np.int64), roots)), shape=(1, n))
    whole = sparse.vstack(
        [sparse.hstack([graph, sparse.csr_matrix((n, 1), dtype=np.int8)]), sparse.hstack([above, sparse.csr_matrix((1, 1), dtype=np.int8)])]
    )
    order, parent = breadth_first_order(whole.tocsr(), n, directed=True)
    return order[1:], parent[:n]


def _certificate(graph: Any, n: int) -> Any:
    """(a, b) of the ties that suffice to find every articulation point."""
    import numpy as np

    ends: list[Any] = []
    rest = graph
    for _twice in range(2):
        _order, parent = _forest(rest, n)
        child = np.flatnonzero(parent < n)
        ends.append((child, parent[child]))
        if not ends[1:]:
            rest = (rest - _matrix(child, parent[child], n)).astype(np.int8)
            rest.eliminate_zeros()
    return np.concatenate([a for a, _b in ends]), np.concatenate([b for _a, b in ends])


def _bridges(graph: Any, ties: Any, n: int) -> tuple[Any, list[tuple[int, int, int, int]], Any]:
    """(place of everybody, spans of places that part with a bridge, how many each would part).

    The tree of blocks and people is walked from a root in each group: whoever hangs below a block stands in one span of places.
    """
    import numpy as np
    import rustworkx as rx

    places, parted, spans = np.arange(n), np.zeros(n, dtype=np.int64), []
    if n < 2 * GROUP + 1:
        return places, [], parted
    a, b = _certificate(graph, n)
    small = rx.PyGraph(multigraph=False)
    small.add_nodes_from(range(n))
    small.add_edges_from_no_data(list(zip(a.tolist(), b.tolist(), strict=True)))
    blocks = {(node, block) for ends, block in rx.biconnected_components(small).items() for node in ends}
    member = np.array(sorted(blocks), dtype=np.int64)
    size = n + int(member[:, 1].max()) + 1  # a block is a node of the tree, too, after the people
    order, parent = (found.tolist() for found in _forest(_matrix(member[:, 0], member[:, 1] + n, size), size))
    below = [1] * n + [0] * (size - n)
    for node in reversed(order):
        if parent[node] < size:
            below[parent[node]] += below[node]
    start, taken, root = [0] * size, [0] * size, [0] * size
    used = 0
    for node in order:
        above = parent[node]
        if above >= size:
            start[node], used, root[node] = used, used + below[node], node
        else:
            start[node], root[node] = start[above] + (above < n) + taken[above], root[above]
            taken[above] += below[node]
    places = np.array(start[:n])
    at_place = np.empty(n, dtype=np.int64)
    at_place[places] = np.arange(n)
    ties_at = ties[at_place]
    under: dict[int, list[int]] = {}
    for node in order:
        if node >= n and parent[node] < n:
            under.setdefault(parent[node], []).append(node)
    for v, hanging in under.items():
        whole = (start[root[v]], start[root[v]] + below[root[v]])
        ways = [[(start[one], start[one] + below[one])] for one in hanging]
        if v != root[v]:
            ways.append([(whole[0], start[v]), (start[v] + below[v], whole[1])])
        sizes = [sum(end - begin for begin, end in way) for way in ways]
        stays = max(range(len(ways)), key=lambda i: (sizes[i], i))
        for i, way in enumerate(ways):
            if i == stays or sizes[i] < GROUP:
                continue
            parted[v] += sizes[i]
            best = max((begin + int(np.argmax(ties_at[begin:end])) for begin, end in way if end > begin), key=lambda at: ties_at[at])
            spans += [(v, begin, end, int(at_place[best])) for begin, end in way if end > begin]
    return places, spans, parted
