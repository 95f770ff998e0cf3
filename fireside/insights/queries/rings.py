"""Who holds it together, as a picture: everybody a dot, the core in the middle, who has no tie outside. Dots are placed by a sunflower's
turn, so that as many stand anywhere in a ring; who is a bridge is drawn larger."""

from math import cos, pi, sin, sqrt
from typing import Any

from fireside.members.queries import Card, cards_of

WIDTH, HEIGHT, X, Y = 366, 246, 124, 123
RINGS = (("core", 0, 38), ("between", 50, 76), ("edge", 86, 102), ("alone", 110, 118))  # from where to where, of the middle
DOTS, STEPS = 220, (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
TURN = pi * (3 - sqrt(5))


def picture_of(answer: dict[str, Any]) -> dict[str, Any]:
    """`rings`: name, n, outer radius, where its words stand, and dots (x, y, whether a bridge); `each`: people that a dot stands for."""
    front = answer["headline"]
    total = sum(front[name] for name, *_radii in RINGS)
    each = next((step for step in STEPS if total <= step * DOTS), STEPS[-1])
    rings = []
    for place, (name, inner, outer) in enumerate(RINGS):
        n, bridges = front[name], answer["more"]["bridges"].get(name, 0)
        count = -(-n // each)
        large = {i * count // bridges for i in range(min(bridges, count))} if bridges else set()
        dots = []
        for i in range(count):
            far, turn = sqrt(inner**2 + (outer**2 - inner**2) * (i + 0.5) / count), i * TURN
            dots.append((round(X + far * cos(turn), 1), round(Y + far * sin(turn), 1), i in large))
        y = (123, 85, 47, 17)[place]
        rings.append(
            {"name": name, "n": n, "r": outer + 4, "y": y, "x": round(X + sqrt(max((outer - 2) ** 2 - (y - Y) ** 2, 0)), 1), "dots": dots}
        )
    return {"width": WIDTH, "height": HEIGHT, "x": X, "y": Y, "rings": rings, "each": each}


def people_in(answer: dict[str, Any]) -> dict[int, Card]:
    """Cards of those whom an answer names by their number: at most one query."""
    named = [*answer["more"].get("bridging", []), *answer["more"].get("top", [])]
    ids = {one["person_id"] for one in named} | {who["person_id"] for one in named for who in one.get("around", [])}
    return cards_of(ids) if ids else {}
