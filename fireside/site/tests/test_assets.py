"""What the browser gets: built files are fresh, colours are readable, and no page carries a script or a style of its own."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SITE = ROOT / "fireside" / "site"
STATIC = SITE / "static"
TEMPLATES = sorted((ROOT / "fireside").glob("*/templates/**/*.html"))
PAGES = [path for path in TEMPLATES if path.parent.name != "letters"]  # mail programs know no style sheet of ours


def test_the_built_assets_are_fresh() -> None:
    written = json.loads((SITE / "assets" / "built.json").read_text())
    stale = [
        path for part in ("inputs", "built") for path, digest in written[part].items()
        if hashlib.sha256((ROOT / path).read_bytes()).hexdigest() != digest
    ]  # fmt: skip
    assert not stale, f"Changed since `make assets` was run: {stale}. Run it (needs Node) and commit what it makes."


def test_the_lock_names_no_host() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(), "Run npm with omit-lockfile-registry-resolved (see .npmrc)."


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", block))


CSS = (STATIC / "tokens.css").read_text()
LIGHT = tokens(CSS[CSS.index(":root {") : CSS.index("}")])
DARK_BY_SYSTEM = tokens(CSS[CSS.index('not([data-theme="light"])') : CSS.index('[data-theme="dark"]')])
DARK_BY_CHOICE = tokens(CSS[CSS.index(':root[data-theme="dark"]') : CSS.index("@media (prefers-reduced-motion")])


def test_dark_is_the_same_whoever_asks_for_it() -> None:
    assert DARK_BY_SYSTEM == DARK_BY_CHOICE
    colours = {name for name, value in LIGHT.items() if value.startswith("#")} - {n for n in LIGHT if n.startswith("packet")}
    assert colours == {name for name, value in DARK_BY_CHOICE.items() if value.startswith("#")}, "a colour without its dark half"


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXT = ("ink", "ink2", "ink3", "ember-text", "good", "warn", "bad", "info", "participate", "share", "interact", "honour")
SOFT = ("good", "warn", "bad", "info", "participate", "share", "interact", "honour")


@pytest.mark.parametrize(("theme", "values"), [("light", LIGHT), ("dark", {**LIGHT, **DARK_BY_CHOICE})])
def test_everything_written_can_be_read(theme: str, values: dict[str, str]) -> None:
    pairs = [(text, ground, 4.5) for text in TEXT for ground in ("surface", "ground", "sunken")]
    pairs += [(text, f"{text}-soft", 4.5) for text in SOFT] + [
        ("ember-text", "ember-soft", 4.5),
        ("on-ember", "ember", 4.5),
        ("on-ember", "ember-hover", 4.5),
    ]
    pairs += [("edge", "surface", 3), ("mark", "surface", 3), ("ember", "ground", 3), ("ground", "ink", 4.5)]
    pairs += [("ink2", f"face-{i}", 4.5) for i in range(5)]
    pairs += [("packet-cream", "packet", 4.5), ("packet-gold", "packet", 4.5), ("packet-ink", "packet-gold", 4.5)]
    poor = [
        f"{a} on {b}: {contrast(values[a], values[b]):.2f} < {least}" for a, b, least in pairs if contrast(values[a], values[b]) < least
    ]
    assert not poor, f"{theme}: {poor}"


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT / "fireside")))
def test_pages_carry_no_script_and_no_style_of_their_own(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=", text), (
        "The policy of the house blocks style attributes: write a class in site/static/fireside.css."
    )
    assert "<style" not in text, "Write it in site/static/fireside.css."
    assert not re.search(r"<script(?![^>]*\b(src|type=\"application/json\"))", text), "Scripts are files: site/static/*.js."
    assert not re.search(r"\son[a-z]+=[\"']|hx-on|javascript:", text), (
        "Inline handlers are blocked: carry a data- attribute and read it in fireside.js."
    )
    assert not re.search(r"(?:src|href)=\"https?://", text), (
        "Nothing is loaded from elsewhere; members' links come through the safe_url filter."
    )


def test_every_icon_is_in_the_sprite() -> None:
    known = set(re.findall(r'id="([\w-]+)"', (STATIC / "i.svg").read_text()))
    used = {
        (name, str(path.relative_to(ROOT))) for path in [*TEMPLATES, *(ROOT / "fireside").glob("*/views/**/*.py"), *(ROOT / "fireside").glob("*/views.py")]
        for name in re.findall(r"\bicon\(\s*[\"']([\w-]+)[\"']", path.read_text(encoding="utf-8"))
    }  # fmt: skip
    missing = sorted(one for one in used if one[0] not in known)
    assert not missing, f"Add to site/assets/icons.txt and run `make assets`: {missing}"
