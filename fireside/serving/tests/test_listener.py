"""One live connection by itself: what it holds, what is sent at once, and when it ends."""

import asyncio

from fireside.serving.live import BEHIND, Listener


def test_a_connection_to_which_nothing_happens_holds_nothing():
    """No task of its own and no queue: only while something waits is somebody at it; what is more than a slow client can take ends it."""

    async def live() -> None:
        sent, slow = [], asyncio.Event()
        slow.set()

        async def send(message):
            await slow.wait()
            sent.append(message.get("body"))

        async def receive():
            return await asyncio.get_running_loop().create_future()

        async def stay(mine):
            mine.task = asyncio.current_task()
            await mine.begin([], b"missed")
            await mine.stay(receive)

        mine = Listener("203.0.113.9", ("topic:1",), (0, 0), send)
        mine.put(b"at once ")
        staying = asyncio.create_task(stay(mine))
        await asyncio.sleep(0.02)
        assert sent == [None, b"retry: 3000\n: here\n\nmissed", b"at once "]
        assert mine.waiting is None and mine.pouring is None
        slow.clear()
        mine.put(b"one ")
        await asyncio.sleep(0.02)
        mine.put(b"two ")
        mine.put(b"three ")
        slow.set()
        await asyncio.sleep(0.02)
        assert sent[3:] == [b"one ", b"two three "] and mine.waiting is None
        mine.put(b"last ")
        mine.put(None)
        mine.put(b"too late")
        await asyncio.wait_for(staying, 5)
        assert sent[5:] == [b"last ", b""]

        mine = Listener("203.0.113.9", ("topic:1",), (0, 0), send)
        staying = asyncio.create_task(stay(mine))
        await asyncio.sleep(0.02)
        slow.clear()
        mine.put(b"stuck")
        await asyncio.sleep(0.02)
        for _n in range(BEHIND):
            mine.put(b"x")
        assert not mine.dropped and not staying.done()
        mine.put(b"one more")
        await asyncio.wait_for(staying, 5)
        assert mine.dropped

    asyncio.run(live())
