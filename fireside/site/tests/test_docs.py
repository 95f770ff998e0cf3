"""What the pages under docs/ name is there: links, settings, commands, files, and the code that the walk through a feature shows."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[3]
DOCS = sorted((ROOT / "docs").glob("*.md"))
SOURCES = [*sorted((ROOT / "fireside").rglob("*.py")), *sorted((ROOT / "tools").glob("*")), ROOT / "conftest.py"]


@pytest.fixture(scope="module")
def code() -> str:
    return "\n".join(one.read_text(encoding="utf-8") for one in SOURCES if one.is_file())


@pytest.mark.parametrize("page", DOCS, ids=lambda one: one.name)
def test_links_settings_and_commands_are_there(page: Path, code: str) -> None:
    words = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)\)", words):
        assert link.startswith("https://") or (page.parent / link).exists(), link
    for name in re.findall(r"(?:FIRESIDE|SMTP)_[A-Z_]+|DATABASE_URL|VALKEY_URL|MAIL_FROM", words):
        assert name in code, name
    for command in re.findall(r"(?:`|/bin/|^)fireside ([a-z]+)", words, re.MULTILINE):
        assert command in get_commands(), command
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:`|^|&& )make ([a-z]+)", words, re.MULTILINE):
        assert f"\n{target}:" in targets, target


def test_the_walk_through_a_feature_shows_the_code_as_it_is() -> None:
    words = (ROOT / "docs" / "add-a-feature.md").read_text(encoding="utf-8")
    app = "\n".join(one.read_text(encoding="utf-8") for one in sorted((ROOT / "fireside" / "spaces").rglob("*.py")))
    lines = {line.strip() for line in app.splitlines()}
    shown = [line.strip() for block in re.findall(r"```python\n(.*?)```", words, re.DOTALL) for line in block.splitlines() if line.strip()]
    assert len(shown) > 20
    assert [line for line in shown if line not in lines] == []
    for name in re.findall(r"`([a-z_/0-9A-Z.-]+\.(?:py|html|po))`", words):
        places = (ROOT, ROOT / "fireside", ROOT / "fireside" / "spaces", ROOT / "fireside" / "spaces" / "templates" / "spaces")
        assert any((place / name).is_file() for place in places), name
