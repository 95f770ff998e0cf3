"""Bytes of a file, packed by gzip or not. Of a damaged packing all that came before is handed over, and only then it is told."""

import codecs
import io
import zlib
from collections.abc import Iterator
from pathlib import Path

DAMAGED = (EOFError, zlib.error)  # what reading raises where the packing ends in the middle, or is broken
_PIECE, _AT_ONCE = 128 * 1024, 1024 * 1024


def open_packed(path: Path) -> io.BufferedReader:
    """The file's bytes, unpacked when it is gzip (told by its first two bytes, not by its name).

    `read1` and `readline` hand over what is there before they raise one of DAMAGED; `read` loses what it had gathered.
    """
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return io.BufferedReader(_Unpacked(path), _PIECE) if packed else path.open("rb")


def pieces(file: io.BufferedReader, encoding: str, errors: str = "surrogateescape") -> Iterator[str]:
    """The characters of a file, as far as they can be read: whether that is all of it, its end must say."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    try:
        while raw := file.read1(_PIECE):
            yield decoder.decode(raw)
        yield decoder.decode(b"", final=True)
    except (*DAMAGED, UnicodeError):
        return


class _Unpacked(io.RawIOBase):
    """The standard library's reader drops what lay in the same piece before the damage; this one goes through that piece byte by byte."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._unpack, self._begun = zlib.decompressobj(31), False
        self._packed = b""
        self._ready, self._at = b"", 0
        self._wrong: Exception | None = None

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]  # a buffer of bytes is all that is ever given
        while self._at == len(self._ready):
            if self._wrong is not None:
                raise self._wrong
            if not self._next():
                return 0
        size = min(len(into), len(self._ready) - self._at)
        into[:size] = self._ready[self._at : self._at + size]
        self._at += size
        return size

    def _next(self) -> bool:
        """Unpack a further piece. False at the end of the file."""
        self._ready, self._at = b"", 0
        self._packed = self._packed or self._file.read(_PIECE)
        if not self._begun:  # several packings may stand one after the other, with zeros between them
            at_end, self._packed = not self._packed, self._packed.lstrip(b"\0")
            if not self._packed:
                return not at_end
        elif not self._packed:
            self._wrong = EOFError("it ends inside its packing")
            return True
        before, self._begun = self._unpack.copy(), True
        try:
            self._ready = self._unpack.decompress(self._packed, _AT_ONCE)
        except zlib.error as wrong:
            self._ready, self._wrong = _up_to_the_damage(before, self._packed), wrong
            return True
        self._packed = self._unpack.unconsumed_tail
        if self._unpack.eof:
            self._packed, self._unpack, self._begun = self._unpack.unused_data, zlib.decompressobj(31), False
        return True


def _up_to_the_damage(unpack: "zlib._Decompress", packed: bytes) -> bytes:
    found = []
    for at in range(len(packed)):
        try:
            found.append(unpack.decompress(packed[at : at + 1]))
        except zlib.error:
            break
    return b"".join(found)
