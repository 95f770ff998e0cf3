"""Whatever bytes are handed in: they are kept as a small picture of ours, or refused with a sentence. Nothing else happens."""

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from fireside.conversation.media.pictures import remake
from fireside.conversation.tests.pictures import moving, picture
from fireside.lib.errors import Refused

pytestmark = pytest.mark.once
WHOLE = [
    picture(40, 30), picture(40, 30, "JPEG"), picture(40, 30, "WEBP"), picture(40, 30, "AVIF"), picture(40, 30, "GIF"), moving(),
    picture(40, 30, "PNG", icc_profile=b"no profile"), picture(40, 30, "JPEG", exif=b"Exif\0\0II*\0broken"),
]  # fmt: skip
damaged = st.builds(
    lambda whole, at, put, cut: (whole[: at % len(whole)] + put + whole[at % len(whole) + len(put) :])[: len(whole) - cut],
    st.sampled_from(WHOLE), st.integers(0, 10_000), st.binary(max_size=12), st.integers(0, 40),
)  # fmt: skip


@settings(max_examples=120)
@given(st.one_of(st.binary(max_size=300), damaged, damaged))
@example(WHOLE[6])
@example(WHOLE[7])
def test_a_picture_of_ours_or_a_refusal(given):
    try:
        made = remake(io.BytesIO(given))
    except Refused:
        return
    assert set(made.parts) >= {f"{width}.webp" for width in made.widths}
    for part in made.parts.values():
        with Image.open(io.BytesIO(part)) as opened:
            opened.load()
            assert opened.format == "WEBP" and not dict(opened.getexif())
    assert (made.width, made.height) <= (10_000, 16_000)
