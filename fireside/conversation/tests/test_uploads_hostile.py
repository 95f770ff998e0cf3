"""Whatever bytes are handed in: they are kept as a small picture of ours, or refused with a sentence. Nothing else happens."""

import io
import time

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


def flat(side: int, shade: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("P", (side, side), shade).save(out, "GIF")
    return out.getvalue()


def test_a_small_file_of_endless_frames_is_kept_as_a_still_picture():
    """Sixty frames of nine million pixels are half a megabyte, and half a minute to read."""
    shades = [Image.new("P", (3000, 3000), at) for at in range(60)]
    out = io.BytesIO()
    shades[0].save(out, "GIF", save_all=True, append_images=shades[1:])
    assert len(out.getvalue()) < 1_000_000
    began = time.process_time()
    made = remake(io.BytesIO(out.getvalue()))
    assert not made.moving and made.width == 1920
    assert time.process_time() - began < 4  # half a second where the machine is quiet; all frames take eight and more


@pytest.mark.parametrize("side", [5000, 9000])
def test_a_moving_picture_that_grows_after_its_first_frame_is_refused(side):
    """What a GIF says of its size at first binds no later frame: forty pixels, then eight times 25 million, or once more than may be read."""

    def parts(gif: bytes) -> tuple[bytes, bytes]:
        colours = 3 * (2 << (gif[10] & 7)) if gif[10] & 0x80 else 0
        return gif[: 13 + colours], gif[13 + colours : -1]

    head, first = parts(flat(40, 1))
    grown = head + first + parts(flat(side))[1] * (8 if side == 5000 else 1) + b";"
    assert len(grown) < 500_000
    with pytest.raises(Refused) as refused:
        remake(io.BytesIO(grown))
    assert refused.value.code == "picture_pixels"
