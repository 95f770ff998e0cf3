"""One range of a file (RFC 9110 §14): what players ask for when somebody jumps, and what a broken download goes on with."""

import re
from typing import IO

_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def range_of(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte, or None where all of it is to be sent: nothing asked, several ranges, or words that are no range.

    Raises ValueError when nothing of what is asked for is there.
    """
    found = _ONE.fullmatch(asked.strip().replace(" ", ""))
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found[1], found[2]
    if not first:
        if int(last) == 0 or size == 0:
            raise ValueError(asked)
        return max(0, size - int(last)), size - 1
    begin, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < begin:
        return None
    if begin >= size:
        raise ValueError(asked)
    return begin, end


class Part:
    """A file from one byte to another, for whoever reads it to its end."""

    def __init__(self, file: IO[bytes], first: int, last: int) -> None:
        self.file, self.left = file, last - first + 1
        file.seek(first)

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(piece)
        return piece

    def close(self) -> None:
        self.file.close()
