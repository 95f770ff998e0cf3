"""Many at once over kept connections, from this same machine: what they ask costs its processors, too, but not the house's time."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


class NotFine(Exception):
    """An answer that is not 2xx: it is not what was to be measured."""


@dataclass
class Asked:
    """How long each answer took, in seconds."""

    took: list[float] = field(default_factory=list)
    seconds: float = 0.0
    bytes: int = 0

    @property
    def per_second(self) -> float:
        return round(len(self.took) / self.seconds, 1) if self.seconds else 0.0


class Client(asyncio.Protocol):
    """One kept connection: asks, reads the answer, asks the next. An answer has a Content-Length."""

    def __init__(self, requests: Sequence[bytes], asked: Asked, until: float) -> None:
        self.requests, self.asked, self.until = requests, asked, until
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.nth = 0
        self.buffer = bytearray()
        self.wanted = 0
        self.began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._ask()

    def _ask(self) -> None:
        self.began = time.perf_counter()
        self.wanted = 0
        self.transport.write(self.requests[self.nth % len(self.requests)])
        self.nth += 1

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.wanted:
            head = self.buffer.find(b"\r\n\r\n")
            if head < 0:
                return
            said = bytes(self.buffer[:head]).lower()
            at = said.find(b"\r\ncontent-length:")
            if said[9:10] != b"2" or b"\r\nx-busy:" in said:  # busy: another page than the one asked for
                self._end(
                    NotFine(
                        f"{said[:12].decode()}{', busy,' if b'x-busy' in said else ''} at {self.requests[(self.nth - 1) % len(self.requests)][:80].decode(errors='replace')!r}"
                    )
                )
                return
            self.wanted = head + 4 + (int(said[at + 17 :].partition(b"\r\n")[0]) if at >= 0 else 0)
        if len(self.buffer) < self.wanted:
            return
        now = time.perf_counter()
        self.asked.took.append(now - self.began)
        self.asked.bytes += self.wanted
        del self.buffer[: self.wanted]
        if now < self.until:
            self._ask()
        else:
            self._end(None)

    def connection_lost(self, wrong: Exception | None) -> None:
        self._end(NotFine(f"hung up: {wrong}"))

    def _end(self, wrong: Exception | None) -> None:
        if not self.done.done():
            if wrong is None:
                self.done.set_result(None)
            else:
                self.done.set_exception(wrong)
        self.transport.close()


async def ask_for(port: int, requests: Callable[[int], Sequence[bytes]], *, seconds: float, connections: int) -> Asked:
    """On each connection its own requests (`requests(n)`), one after another and round again, until the time is over. Raises NotFine."""
    asked, loop = Asked(), asyncio.get_running_loop()
    began = time.perf_counter()
    made = [
        await loop.create_connection(lambda n=n: Client(requests(n), asked, began + seconds), "127.0.0.1", port)  # type: ignore[misc]
        for n in range(connections)
    ]
    await asyncio.wait_for(asyncio.gather(*(client.done for _transport, client in made)), seconds + 60)
    asked.seconds = time.perf_counter() - began
    return asked


async def answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Read one answer with a Content-Length. Returns status and size."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    if length:
        await reader.readexactly(length)
    return int(head[9:12]), length


@dataclass(frozen=True)
class Told:
    """One act told to many who listen, in seconds since it was sent."""

    opened: float
    heard: list[float]


async def fan_out(port: int, listen: bytes, act: bytes, *, connections: int, standing: Callable[[], None]) -> Told:
    """Open that many live connections, call `standing`, act once, and take the time until each has heard. Raises NotFine."""
    lines = []
    began = time.perf_counter()
    for start in range(0, connections, 200):
        part = await asyncio.gather(*(asyncio.open_connection("127.0.0.1", port) for _ in range(min(200, connections - start))))
        for reader, writer in part:
            writer.write(listen)
            await asyncio.wait_for(reader.readuntil(b": here"), 60)
            lines.append((reader, writer))
    opened = time.perf_counter() - began
    standing()
    acted = time.perf_counter()
    actor_reader, actor_writer = await asyncio.open_connection("127.0.0.1", port)
    actor_writer.write(act)
    status, _size = await asyncio.wait_for(answer(actor_reader), 30)
    if not 200 <= status < 300:
        raise NotFine(f"{status} at what was to be told")
    heard: list[float] = []

    async def hear(reader: asyncio.StreamReader) -> None:
        await asyncio.wait_for(reader.readuntil(b"event: topic"), 60)
        heard.append(time.perf_counter() - acted)

    told = await asyncio.gather(*(hear(reader) for reader, _ in lines), return_exceptions=True)
    if lost := [one for one in told if one is not None]:
        raise NotFine(f"{len(lost)} of {connections} never heard it: {lost[0]!r}")
    for _reader, writer in (*lines, (actor_reader, actor_writer)):
        writer.close()
    return Told(opened, heard)
