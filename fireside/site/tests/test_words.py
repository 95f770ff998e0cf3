"""Every sentence stands in both languages, with the same places for names and numbers, set as LOOK.md §3 says."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
spec = importlib.util.spec_from_file_location("messages_tool", ROOT / "tools" / "messages.py")
assert spec and spec.loader
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)

APPS = tool.apps()
PLACES = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
TOUCHING = re.compile(rf"[{HAN}][A-Za-z0-9]|[A-Za-z0-9][{HAN}]")
NUMBER_TOUCHING = re.compile(rf"[{HAN}]%\((?:n|num|count)\)s|%\((?:n|num|count)\)s[{HAN}]")
NAME = r"(?:%\((?:who|whose|name|names|other|member|community|role)\)s|\{(?:actor|other|name|role)\})"
NAME_APART = re.compile(rf"[{HAN}] {NAME}|{NAME} [{HAN}]")  # names are often Han; beside Latin ones `text-autospace` makes room
OF_PEOPLE = {"conversation", "members", "notifications", "site", "spaces"}  # elsewhere a name is a word of the command line
HALF_WIDTH = re.compile(rf"[{HAN}][,;:?!()]|[,;:?!()][{HAN}]|[{HAN}]\.(?:\s|$)|[{HAN}][\"']|[\"'][{HAN}]")


def key(message: Any) -> tuple[Any, Any]:
    return message.id, message.context


def said(app: str) -> list[tuple[str, str]]:
    """(English, Chinese) of a catalogue."""
    pairs = []
    for message in tool.load(app):
        if message.id:
            english = message.id if isinstance(message.id, str) else message.id[1]
            chinese = message.string if isinstance(message.string, str) else (message.string or ("",))[0]
            pairs.append((english, chinese))
    return pairs


@pytest.mark.parametrize("app", APPS)
def test_the_catalogue_knows_every_sentence(app: str) -> None:
    now = {key(m) for m in tool.extract(app) if m.id}
    known = {key(m) for m in tool.load(app) if m.id}
    assert not now - known, (
        f"Run `make messages`, then write the Chinese in fireside/{app}/locale: {sorted(str(k[0]) for k in now - known)[:10]}"
    )
    assert not known - now, f"No longer said; run `tools/messages {app}`: {sorted(str(k[0]) for k in known - now)[:10]}"


@pytest.mark.parametrize("app", APPS)
def test_every_sentence_has_its_chinese(app: str) -> None:
    empty = [english for english, chinese in said(app) if not chinese.strip()]
    assert not empty, f"No Chinese in fireside/{app}/locale for: {empty[:10]}"
    assert not [m.id for m in tool.load(app) if m.fuzzy and m.id], "Fuzzy entries are guesses: write them out and take the flag away."


@pytest.mark.parametrize("app", APPS)
def test_names_and_numbers_have_the_same_places(app: str) -> None:
    wrong = []
    for message in tool.load(app):
        if not message.id:
            continue
        singular, plural = (message.id, message.id) if isinstance(message.id, str) else message.id
        chinese = message.string if isinstance(message.string, str) else message.string[0]
        mine, most = set(PLACES.findall(chinese)), set(PLACES.findall(singular)) | set(PLACES.findall(plural))
        least = most if isinstance(message.id, str) else set()
        if not least <= mine <= most:
            wrong.append((plural, chinese))
        if chinese.count("%%") > plural.count("%%") + 1:
            wrong.append((plural, chinese))
    assert not wrong, wrong[:5]


@pytest.mark.parametrize("app", APPS)
def test_the_compiled_catalogue_is_fresh(app: str) -> None:
    file = tool.folder(app) / "django.mo"
    if not file.exists():
        assert not said(app), f"Run `tools/messages {app}`."
        return
    assert file.read_bytes() == tool.compiled(tool.load(app)), f"fireside/{app}: the .mo is older than the .po. Run `tools/messages {app}`."


@pytest.mark.parametrize("app", APPS)
def test_chinese_is_set_as_the_house_sets_it(app: str) -> None:
    wrong = []
    for english, chinese in said(app):
        if TOUCHING.search(PLACES.sub(" ", chinese)) or NUMBER_TOUCHING.search(chinese):
            wrong.append(f"space between Han and Latin or digits: {chinese}")
        if app in OF_PEOPLE and NAME_APART.search(chinese):
            wrong.append(f"no space between Han and a name: {chinese}")
        if HALF_WIDTH.search(chinese):
            wrong.append(f"full-width punctuation: {chinese}")
        if "您" in chinese:
            wrong.append(f"你, not 您: {chinese}")
        if "！" in chinese or english.rstrip().endswith("!"):
            wrong.append(f"no exclamation marks: {english} / {chinese}")
    assert not wrong, "\n".join(wrong[:12])


def test_one_sentence_has_one_translation() -> None:
    """Django merges the catalogues: where two apps say the same English, the first one's Chinese wins everywhere."""
    found: dict[Any, dict[str, str]] = {}
    for app in APPS:
        for message in tool.load(app):
            if message.id:
                chinese = message.string if isinstance(message.string, str) else (message.string or ("",))[0]
                found.setdefault(key(message), {})[app] = chinese
    torn = {str(k[0]): v for k, v in found.items() if len(set(v.values())) > 1}
    assert not torn, "\n".join(f"{english}: {versions}" for english, versions in list(torn.items())[:20])
