"""Many at once over kept connections, from this same machine: what they ask costs its processors, too."""

import asyncio
import time
from dataclasses import dataclass, field


@dataclass
class Asked:
    """How long each answer took, in seconds; what was not a 2xx or 3xx."""

    took: list[float] = field(default_factory=list)
    bad: int = 0
    seconds: float = 0.0
    bytes: int = 0

    def figures(self) -> dict[str, float]:
        times = sorted(self.took)

        def at(share: float) -> float:
            return round(times[min(len(times) - 1, int(len(times) * share))] * 1000, 1) if times else 0.0

        return {
            "per_second": round(len(times) / self.seconds, 1), "p50_ms": at(0.5), "p95_ms": at(0.95), "max_ms": at(1),
            "bad": self.bad, "kilobytes": round(self.bytes / max(1, len(times)) / 1024, 1),
        }  # fmt: skip


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


async def ask_for(port: int, request: bytes, *, seconds: float, connections: int) -> Asked:
    """The same request over and over on each connection until the time is over."""
    asked = Asked()
    until = time.perf_counter() + seconds

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (began := time.perf_counter()) < until:
            writer.write(request)
            status, size = await asyncio.wait_for(answer(reader), 60)
            asked.took.append(time.perf_counter() - began)
            asked.bad += status >= 400
            asked.bytes += size
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    asked.seconds = time.perf_counter() - began
    return asked


async def fan_out(port: int, listen: bytes, act: bytes, *, connections: int) -> dict[str, float]:
    """Open that many live connections, act once, and take the time until the first, half and all have heard."""
    lines = []
    began = time.perf_counter()
    for start in range(0, connections, 200):
        part = await asyncio.gather(*(asyncio.open_connection("127.0.0.1", port) for _ in range(min(200, connections - start))))
        for reader, writer in part:
            writer.write(listen)
            await asyncio.wait_for(reader.readuntil(b": here"), 60)
            lines.append((reader, writer))
    opened = time.perf_counter() - began
    acted = time.perf_counter()
    actor_reader, actor_writer = await asyncio.open_connection("127.0.0.1", port)
    actor_writer.write(act)
    status, _size = await asyncio.wait_for(answer(actor_reader), 30)
    answered = time.perf_counter() - acted
    heard: list[float] = []

    async def hear(reader: asyncio.StreamReader) -> None:
        await asyncio.wait_for(reader.readuntil(b"event: topic"), 30)
        heard.append(time.perf_counter() - acted)

    await asyncio.gather(*(hear(reader) for reader, _ in lines), return_exceptions=True)
    for _reader, writer in lines:
        writer.close()
    heard.sort()
    return {
        "connections": connections, "reached": len(heard), "opened_in_s": round(opened, 2), "act_status": status, "act_s": round(answered, 3),
        "first_s": round(heard[0], 3) if heard else 0, "half_s": round(heard[len(heard) // 2], 3) if heard else 0,
        "all_s": round(heard[-1], 3) if heard else 0,
    }  # fmt: skip
