"""What tests of set-up and of the sample share."""

from collections.abc import Iterator

import pytest

from fireside.site import key
from fireside.site.actions.leaving import empty_folders


@pytest.fixture
def nothing_left(db: None) -> Iterator[None]:
    """Neither a set-up key nor a file of the sample reaches the next test."""
    key.throw_away()
    yield
    key.throw_away()
    empty_folders()
