"""What stands round a page, made once for all pages that have it alike; what is the page's own is put into its places.

A template that extends "site/base.html" is taken apart when it is first asked for: `title`, `main` and `aside` are rendered for each
request, everything else is a part (lib/parts.py) whose name is the plain frame. A template whose other blocks read anything but the
frame is rendered as a whole, as ever.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.template import engines
from jinja2 import Environment, Template, meta, nodes
from markupsafe import Markup, escape

from fireside.lib.parts import Look, places, slot

BASE = "site/base.html"
OWN = ("title", "main", "aside")  # blocks that are the page's own
CSRF = "csrf"


def framed(name: str, plain: Any, look: Look, given: Mapping[str, Any]) -> str | None:
    """The whole page, or None where the template must be rendered as a whole. `plain`: the frame as hashable values, of which its frame is made."""
    if not _is_steady(name):
        return None
    made = _template(name)
    context = made.new_context({**given})
    next(made.root_render_func(context))  # up to the first sign of the base: by then the template's imports and blocks are known
    own = {block: "".join(context.blocks[block][0](context)) for block in OWN}
    aside = bool(own["aside"].strip())
    return "".join(
        piece if nth % 2 == 0 else str(escape(given["csrf_input"])) if piece == CSRF else own[piece]
        for nth, piece in enumerate(_round(name, plain, aside, look))
    )


@functools.lru_cache(maxsize=2000)
def _round(name: str, plain: Any, aside: bool, _look: Look) -> tuple[str, ...]:
    """The frame in pieces, the names of places between them."""
    made = _template(name)
    context = made.new_context({"frame": plain, "csrf_input": slot(CSRF)})
    pieces = made.root_render_func(context)
    first = next(pieces)
    context.blocks.update({block: [_place(block if block != "aside" or aside else "")] for block in OWN})
    return tuple(places(first + "".join(pieces)))


def _place(name: str) -> Callable[[Any], Iterator[str]]:
    def block(_context: Any) -> Iterator[str]:
        yield slot(name) if name else Markup("")

    return block


@functools.cache
def _template(name: str) -> Template:
    made: Template = _env().get_template(name)
    return made


def _env() -> Environment:
    found: Environment = engines["jinja2"].env  # type: ignore[attr-defined]
    return found


@functools.cache
def _is_steady(name: str) -> bool:
    """Whether the page differs from others in this frame by its own blocks alone."""
    tree = _parsed(name)
    parent = next(tree.find_all(nodes.Extends), None)
    if parent is None or not isinstance(parent.template, nodes.Const) or parent.template.value != BASE:
        return False
    others = [one for one in tree.find_all(nodes.Block) if one.name not in OWN]
    return all(_reads(nodes.Template(one.body, lineno=1)) <= {"frame"} for one in others)


def _reads(tree: nodes.Template) -> set[str]:
    """Names that a piece of template asks for, those that it includes among them; all that there might be where it chooses one as it goes."""
    tree.environment = _env()
    found = meta.find_undeclared_variables(tree) - set(_env().globals)
    for one in meta.find_referenced_templates(tree):
        found |= {"?"} if one is None else _reads(_parsed(one))
    return found


def _parsed(name: str) -> nodes.Template:
    env = _env()
    assert env.loader is not None
    return env.parse(env.loader.get_source(env, name)[0])


def forget_frames() -> None:
    """For tests that change templates or words."""
    _round.cache_clear()
