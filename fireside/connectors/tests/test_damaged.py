"""A packed file that is damaged in the middle: what came before is in, to the last whole record, in every form that is read packed."""

import gzip
import zlib
from pathlib import Path

import pytest

from fireside.connectors.readers.packed import DAMAGED, open_packed
from fireside.connectors.tests.test_stackexchange import POSTS, xml
from fireside.conversation.models import Post
from fireside.serving.bench.histories import HISTORIES

pytestmark = pytest.mark.django_db
SIZE = 120


def damaged(path: Path, share: float) -> Path:
    """The first part of a file packed, and then bytes that no packing begins with."""
    whole = path.read_bytes()
    packer = zlib.compressobj(wbits=31)
    start = packer.compress(whole[: int(len(whole) * share)]) + packer.flush(zlib.Z_FULL_FLUSH)
    path.write_bytes(start + b"\xff" * 50 + start)
    return path


@pytest.mark.parametrize("kind", ["zulip", "gitter", "discord", "stackexchange", "mbox", "qq", "wechat", "chatlab"])
def test_what_came_before_the_damage_is_in(bring, tmp_path, kind):
    made = HISTORIES[kind](tmp_path, SIZE)
    path = damaged(made if made.is_file() else sorted(made.iterdir())[0], 0.9)
    of = sum(1 for one in made.rglob("*") if one.is_file()) or 1
    row = bring(kind, made)
    assert row.counts["reasons"] == {"cut_off": 1}
    lost = SIZE - row.counts["imported"]
    assert 0 < lost <= SIZE // of * 0.1 + 2, f"{lost} records are lost with the damaged place of {path.name}"
    assert Post.objects.filter(source="test").count() == row.counts["imported"]


def test_pieces_that_stand_one_after_the_other_are_one_file(tmp_path):
    path = tmp_path / "talk.gz"
    path.write_bytes(gzip.compress(b"one\n") + b"\0" * 9 + gzip.compress(b"two\n"))
    with open_packed(path) as file:
        assert file.read() == b"one\ntwo\n"


def test_a_sum_that_is_wrong_is_told_after_everything_was_handed_over(tmp_path):
    path = tmp_path / "talk.gz"
    path.write_bytes(gzip.compress(b"words " * 50_000 + b"\nwords\n")[:-8] + b"\0" * 8)
    with open_packed(path) as file:
        assert b"".join(iter(file.readline, b"words\n")) == b"words " * 50_000 + b"\n"
        with pytest.raises(DAMAGED):
            file.readline()


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_dump_in_utf_16_comes_in_as_one_in_utf_8(bring, tmp_path, coding):
    plain = bring("stackexchange", xml(tmp_path / "a" / "Posts.xml", POSTS), source="plain").counts
    path = xml(tmp_path / "b" / "Posts.xml", POSTS)
    path.write_bytes(path.read_text("utf-8-sig").replace("utf-8", "utf-16").encode(coding))
    wide = bring("stackexchange", path, source="wide").counts
    assert plain["imported"] and (wide["imported"], wide["reasons"]) == (plain["imported"], plain["reasons"])
    said = [set(Post.objects.filter(source=name).values_list("external_id", "source_text")) for name in ("plain", "wide")]
    assert said[0] == said[1]
