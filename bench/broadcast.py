"""The least that telling many browsers takes: `python bench/broadcast.py PORT` serves `websockets.broadcast`.

Whoever connects is told; on `/publish`, a message `COUNT RATE` has so many texts of 150 bytes sent to all others, so
many a second (0: as fast as it goes). Each holds the time at which it was published.
"""

import asyncio
import json
import sys
import time

from websockets.asyncio.server import ServerConnection, broadcast, serve

listening: set[ServerConnection] = set()


async def publish(count: int, rate: float) -> None:
    began = time.time()
    for number in range(count):
        broadcast(listening, json.dumps({"seq": number, "at": time.time(), "type": "step.status", "pad": "x" * 80}))
        await asyncio.sleep(max(0.0, began + (number + 1) / rate - time.time()) if rate else 0)


async def handle(socket: ServerConnection) -> None:
    if socket.request is not None and socket.request.path == "/publish":
        async for message in socket:
            count, rate = str(message).split()
            await publish(int(count), float(rate))
        return
    listening.add(socket)
    try:
        await socket.wait_closed()
    finally:
        listening.discard(socket)


async def main() -> None:
    async with serve(handle, "127.0.0.1", int(sys.argv[1]), compression=None):
        await asyncio.Future()


if __name__ == "__main__":
    asyncio.run(main())
