"""Every process reads the house when it starts: nothing that only some of them need, and nothing twice."""

import gc
import sys

import pytest

from fireside.api import api
from fireside.serving.supervise import warm

pytestmark = pytest.mark.once  # no row is read

LATE = {"PIL", "bs4", "duckdb", "ibis", "markdownify", "openpyxl", "pandas", "pyarrow", "scipy", "tqdm"}


def say_what_is_loaded(line):
    line.send(LATE & set(sys.modules))


def test_what_only_some_work_needs_is_loaded_with_that_work(racer):
    assert racer(say_what_is_loaded).hear() == set()


def test_an_operation_makes_one_shape_of_its_answer_and_none_for_each_way_to_say_no():
    operations = [one for _prefix, router in api._routers for path in router.path_operations.values() for one in path.operations]
    assert len(operations) > 80
    for one in operations:
        made = [shape for shape in one.response_models.values() if shape is not None]
        assert len(made) <= 1, one.path
        assert len(one.response_models) > 1, one.path  # the document names them all


def test_what_web_processes_share_is_left_alone_by_their_collectors():
    warm()
    try:
        assert gc.get_freeze_count() > 100_000
    finally:
        gc.unfreeze()
