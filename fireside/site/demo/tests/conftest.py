"""What tests of the sample share."""

import pytest

from fireside.site.actions.leaving import empty_folders
from fireside.site.demo import growing


@pytest.fixture
def empty_house():
    """Tables as after migrate; and again afterwards, files included."""
    yield
    empty_folders()


@pytest.fixture
def quick(monkeypatch):
    """Without the numbers at the end: they are proved once."""
    monkeypatch.setattr(growing, "catch_up", lambda actor, progress: None)
