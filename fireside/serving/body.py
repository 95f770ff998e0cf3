"""The body of a request: in memory while small, in a file of the data folder when large, refused when larger than allowed."""

import asyncio
import contextlib
import io
import tempfile
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import IO, Any

SMALL = 256 * 1024
CHUNK = 1024 * 1024
PATIENCE, ENOUGH = 10, 64 * 1024 * 1024  # how long, and how much, is read of what is too large
IDLE = 60  # seconds without a byte


class TooLarge(Exception):
    """The body is, or says that it is, larger than this address takes."""


class Gone(Exception):
    """The client went away, fell silent or broke the rules before it had said everything."""


class Body:
    """`file` is what WSGI reads; `large` tells that a view will be busy with it for long."""

    def __init__(self, file: IO[bytes], size: int, large: bool) -> None:
        self.file, self.size, self.large = file, size, large


async def let_pass(receive: Callable[[], Awaitable[dict[str, Any]]]) -> None:
    """Read a while what will not be kept: a browser that is still sending would not hear the refusal otherwise."""
    seen = 0
    with contextlib.suppress(Exception):
        async with asyncio.timeout(PATIENCE):
            while seen < ENOUGH:
                message = await receive()
                seen += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    break


def nothing() -> Body:
    return Body(io.BytesIO(), 0, False)


async def read_body(receive: Callable[[], Awaitable[dict[str, Any]]], *, said: int | None, most: int, folder: Path, pool: Executor) -> Body:
    """Everything the client sends. Never more than a chunk of it is in memory; the writing happens outside the loop."""
    if said is not None and said > most:
        raise TooLarge
    kept = bytearray()
    size = 0
    file: IO[bytes] | None = None
    loop = asyncio.get_running_loop()
    try:
        while True:
            try:
                message = await asyncio.wait_for(receive(), IDLE)
            except Exception as wrong:
                raise Gone from wrong
            if message["type"] == "http.disconnect":
                raise Gone
            if part := message.get("body"):
                size += len(part)
                if size > most:
                    raise TooLarge
                kept += part
            more = message.get("more_body", False)
            if file is None and len(kept) > SMALL:
                folder.mkdir(parents=True, exist_ok=True)
                file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  lives as long as the request
            if file is not None and kept and (len(kept) >= CHUNK or not more):
                await loop.run_in_executor(pool, file.write, bytes(kept))
                kept.clear()
            if not more:
                break
    except BaseException:
        _close(file)
        raise
    if file is None:
        return Body(io.BytesIO(bytes(kept)), size, False)
    file.seek(0)
    return Body(file, size, True)


def _close(file: IO[bytes] | None) -> None:
    if file is not None:
        file.close()
