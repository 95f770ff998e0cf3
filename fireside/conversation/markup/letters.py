"""What somebody said, as a letter shows it: its words in paragraphs, without marks, links by their words, cut where a page would go on."""

from markdown_it.token import Token

from fireside.conversation.markup.markdown import parse

MOST = 700  # signs: what one reads in a mail program before one decides to come


def in_a_letter(text: str, limit: int = MOST) -> str:
    """Plain paragraphs of this Markdown, with an empty line between two. Quotes are left out where there is anything else: they were read before."""
    tokens = parse(text[: limit * 8]).tokens
    words = _paragraphs(tokens, quotes=False) or _paragraphs(tokens, quotes=True)
    whole = "\n\n".join(words)
    return whole if len(whole) <= limit else whole[: limit - 1].rstrip("\u200d \n") + "…"


def _paragraphs(tokens: list[Token], *, quotes: bool) -> list[str]:
    found: list[str] = []
    depth, item = 0, ""
    for token in tokens:
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type == "list_item_open":
            item = f"{token.info}. " if token.info else "– "
        said = _said(token)
        if said and (quotes or not depth):
            found.append(item + said)
            item = ""
    return found


def _said(token: Token) -> str:
    if token.type in {"fence", "code_block"}:
        return token.content.strip("\n")
    if token.type != "inline":
        return ""
    parts = []
    for child in token.children or []:
        parts.append(
            "\n"
            if child.type in {"softbreak", "hardbreak"}
            else ""
            if child.type.startswith("html") and "<" in child.content
            else child.content
        )
    return "".join(parts).strip()
