"""Which files and lone addresses stand in words that were read, and where."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import replace

from markdown_it.token import Token

from fireside.conversation.markup.addresses import ADDRESS, trim
from fireside.conversation.markup.cards import Cards, card
from fireside.conversation.markup.files import Files, Shown
from fireside.conversation.media.rules import file_of


def files_named(tokens: list[Token]) -> frozenset[int]:
    """Files named by pictures and links."""
    named = (file_named(child) for token in tokens for child in token.children or [])
    return frozenset(one for one in named if one)


def file_named(child: Token) -> int:
    """The file that a picture or a link names, or 0."""
    address = {"image": "src", "link_open": "href"}.get(child.type)
    return file_of(str(child.attrs.get(address, ""))) if address else 0


def only_pictures(children: list[Token], files: Files) -> bool:
    """Several pictures and nothing else: shown side by side."""
    many = [child for child in children if child.type == "image"]
    return len(many) > 1 and all(
        child.type == "softbreak" or _is_blank(child) or _is_picture(files.get(file_named(child))) for child in children
    )


def lines_apart(tokens: list[Token], files: Files) -> list[Token]:
    """Lines of a paragraph that are nothing but pictures or a file become paragraphs of their own: a line of words and five pictures under it
    are written without an empty line between them, most of all in chats."""
    out: list[Token] = []
    for at, token in enumerate(tokens):
        inside = token.type == "inline" and tokens[at - 1].type == "paragraph_open" and not tokens[at - 1].hidden
        groups = _groups(token.children or [], files) if inside else []
        if len(groups) < 2:
            out.append(token)
            continue
        opened, closed = tokens[at - 1], tokens[at + 1]
        for place, children in enumerate(groups):
            if place:
                out += [copy(closed), replace(opened, attrs={})]
            out.append(replace(token, children=children, content=""))
    return out


def _groups(children: list[Token], files: Files) -> list[list[Token]]:
    """The lines of a paragraph, those of words together, pictures together, each other file for itself."""
    groups: list[tuple[str, list[Token]]] = []
    for line in _lines(children):
        kind = _kind_of(line, files)
        if groups and groups[-1][0] == kind != "file":
            groups[-1][1].extend([Token("softbreak", "br", 0), *line])
        else:
            groups.append((kind, line))
    return [tokens for _kind, tokens in groups]


def _lines(children: list[Token]) -> list[list[Token]]:
    lines: list[list[Token]] = [[]]
    depth = 0
    for child in children:
        depth += child.nesting
        if child.type == "softbreak" and depth == 0:
            lines.append([])
        else:
            lines[-1].append(child)
    return lines


def _kind_of(line: list[Token], files: Files) -> str:
    said = [child for child in line if not _is_blank(child)]
    first = files.get(file_named(said[0])) if said else None
    if first is None or first.gone:
        return "words"
    if all(_is_picture(files.get(file_named(child))) and child.type == "image" for child in said):
        return "pictures"
    alone = len(said) == 1 or (said[0].type == "link_open" and [child.type for child in said].index("link_close") == len(said) - 1)
    return "file" if alone and first.kind != "picture" else "words"


def _is_blank(child: Token) -> bool:
    return child.type == "text" and not child.content.strip()


def _is_picture(shown: Shown | None) -> bool:
    return shown is not None and shown.kind == "picture" and not shown.gone


def lone_addresses(tokens: list[Token]) -> Iterator[str]:
    yield from dict.fromkeys(places_alone(tokens).values())


def places_alone(tokens: list[Token]) -> dict[int, str]:
    """Where a paragraph on the first level is nothing but an address: the place of its end -> the address."""
    found: dict[int, str] = {}
    for at, token in enumerate(tokens):
        children = token.children or []
        if token.type != "inline" or token.level != 1 or tokens[at - 1].type != "paragraph_open":
            continue
        words = "".join(child.content for child in children if child.type == "text").strip()
        if (
            {child.type for child in children} == {"text"}
            and ADDRESS.fullmatch(words)
            and trim(words) == words
            and words.startswith("http")
        ):
            found[at + 1] = words
    return found


def with_cards(tokens: list[Token], alone: Mapping[int, str], cards: Cards) -> list[Token]:
    out: list[Token] = []
    for at, token in enumerate(tokens):
        out.append(token)
        if (found := cards.get(alone.get(at, ""))) is not None:
            out.append(card(found))
    return out
