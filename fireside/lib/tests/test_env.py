"""How the address of a PostgreSQL becomes a connection."""

from pathlib import Path

import pytest

from fireside.lib import env

AT = "postgresql://ann:lamp%20oil@db.example.org:5433/fireside"


def options(monkeypatch: pytest.MonkeyPatch, address: str, prepared: str = "") -> str:
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("FIRESIDE_PREPARED", prepared)
    return str(env.database("DATABASE_URL", Path("x"))["OPTIONS"].get("options", ""))  # type: ignore[attr-defined]


def test_what_the_house_wants_of_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = options(monkeypatch, AT)
    assert "-c plan_cache_mode=force_generic_plan" in ours and "-c jit=off" in ours


def test_what_the_address_says_prevails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert options(monkeypatch, f"{AT}?options=-cjit=on").endswith(" -cjit=on")


def test_a_pooler_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert options(monkeypatch, AT, prepared="no") == ""
    assert options(monkeypatch, f"{AT}?options=-cjit=on", prepared="no") == "-cjit=on"
