"""The words of pages and code, one catalogue an app: extract, update, compile. `--tidy` also drops what is no longer said.

Run by `make messages`. The tests import this file to see whether a catalogue is complete and its .mo fresh.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "fireside"
LANGUAGE = "zh_Hans"
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None, "gettext_noop": None, "ngettext_lazy": (1, 2), "pgettext_lazy": ((1, "c"), 2), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip


def apps() -> list[str]:
    """Every folder with words of its own. The files at the top of the house speak through lib's catalogue."""
    return sorted(p.name for p in HOUSE.iterdir() if p.is_dir() and (p / "__init__.py").exists() and p.name != "locale")


def extract(app: str) -> Catalog:
    """What an app says now, in English."""
    with open(ROOT / "babel.cfg", encoding="utf-8") as config:
        methods, options = parse_mapping_cfg(config)
    found = Catalog(project="Fireside", charset="utf-8")
    places = [(HOUSE / app, lambda folder: not {"tests", "migrations"} & set(Path(folder).relative_to(HOUSE).parts))]
    if app == "lib":
        places.append((HOUSE, lambda folder: Path(folder) == HOUSE))
    for place, wanted in places:
        for name, line, words, comments, context in extract_from_dir(
            str(place), methods, options, keywords=KEYWORDS, comment_tags=("words:",), strip_comment_tags=True, directory_filter=wanted
        ):
            file = (place / name).relative_to(ROOT).as_posix()
            if words and "/locale/" not in file:
                found.add(words, None, [(file, line)], auto_comments=comments, context=context)
    return found


def folder(app: str) -> Path:
    return HOUSE / app / "locale" / LANGUAGE / "LC_MESSAGES"


def load(app: str) -> Catalog:
    path = folder(app) / "django.po"
    if not path.exists():
        return Catalog(locale=LANGUAGE, charset="utf-8")
    with open(path, "rb") as file:
        return read_po(file, locale=LANGUAGE, charset="utf-8")


class _Plain(Catalog):
    """A catalogue whose header says nothing that changes by itself."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return [("Content-Type", "text/plain; charset=utf-8"), ("Language", LANGUAGE), ("Plural-Forms", "nplurals=1; plural=0;")]


def compiled(catalog: Catalog) -> bytes:
    """The .mo of a catalogue: the same words give the same bytes."""
    plain = _Plain(locale=LANGUAGE, charset="utf-8", fuzzy=False)
    for message in catalog:
        if message.id:
            plain.add(message.id, message.string, context=message.context)
    out = io.BytesIO()
    write_mo(out, plain)
    return out.getvalue()


def said_elsewhere(app: str) -> dict[tuple[object, object], object]:
    """What other apps already say in Chinese: the same sentence is said the same way everywhere."""
    found: dict[tuple[object, object], object] = {}
    for other in apps():
        if other != app:
            for message in load(other):
                if message.id and message.string and any(message.string):
                    found.setdefault((message.id, message.context), message.string)
    return found


def update(app: str, *, tidy: bool) -> tuple[int, int]:
    """Bring one catalogue up to date. Returns how many msgids there are and how many have no Chinese yet."""
    found = extract(app)
    known = load(app)
    fresh = _Plain(
        locale=LANGUAGE,
        charset="utf-8",
        fuzzy=False,
        header_comment="# Fireside in Simplified Chinese: as a good host speaks, not word for word.",
    )
    missing, elsewhere = 0, said_elsewhere(app)
    for message in found:
        if not message.id:
            continue
        before = known.get(message.id, message.context)
        string = before.string if before is not None else ("" if isinstance(message.id, str) else ("",))
        if not any(string):
            string = elsewhere.get((message.id, message.context), string)
        if isinstance(message.id, tuple) and isinstance(string, str):
            string = (string,)
        if isinstance(message.id, tuple):
            string = tuple(string)[:1] or ("",)
        files = sorted({place for place, _line in message.locations})
        fresh.add(
            message.id, string, [(place, 0) for place in files], message.flags - {"fuzzy"}, message.auto_comments, context=message.context
        )
        missing += not (string if isinstance(string, str) else string[0])
    if not tidy:
        for message in [
            m for m in known if m.id and (m.id if isinstance(m.id, str) else m.id[0]) and fresh.get(m.id, m.context) is None
        ] + list(known.obsolete.values()):
            if message.string and fresh.get(message.id, message.context) is None:
                fresh.obsolete[message.id if isinstance(message.id, str) else message.id[0]] = message
    if not len(fresh) and not fresh.obsolete:
        return 0, 0
    folder(app).mkdir(parents=True, exist_ok=True)
    with open(folder(app) / "django.po", "wb") as out:
        write_po(out, fresh, width=140, sort_output=True, include_lineno=False)
    (folder(app) / "django.mo").write_bytes(compiled(fresh))
    return len(fresh), missing


def main() -> int:
    tidy = "--tidy" in sys.argv
    only = [word for word in sys.argv[1:] if not word.startswith("-")]
    waiting = 0
    for app in only or apps():
        total, missing = update(app, tidy=tidy)
        waiting += missing
        if total:
            print(f"{app}: {total} sentences" + (f", {missing} without Chinese" if missing else ""))
    return 1 if waiting and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
