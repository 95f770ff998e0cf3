"""Which files and lone addresses stand in words that were read, and where."""

from collections.abc import Iterator, Mapping

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
    kinds = [child.type for child in children if child.type != "image" or _is_picture(files.get(file_named(child)))]
    return len(kinds) == len(children) and kinds.count("image") > 1 and set(kinds) <= {"image", "softbreak"}


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
