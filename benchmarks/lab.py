"""How many signed requests a second the lab answers, with many connections, for a while, and whether memory stays flat.

    python -m benchmarks.lab [--seconds 60] [--connections 50]

The load comes from this process, the lab runs in another; both share the machine's cores. Errors are counted. In the end
clients are killed in the middle of a request: the lab must hold none of their connections afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import multiprocessing
import os
import socket
import struct
import time
from multiprocessing.connection import Connection
from pathlib import Path

from tests import signed
from tests.lab.serving import now, served
from tests.wsse.pki import issuing
from wssdoctor.description.change import change
from wssdoctor.lab.line import line
from wssdoctor.wsse.material import Identity, Material
from wssdoctor.wsse.renewal import renewed

_KILLED = 300


def resident(process: int) -> float:
    """Return the resident memory of a process in MiB (Linux)."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def processor(process: int) -> float:
    """Return the processor seconds that a process has used (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def requests(count: int) -> list[bytes]:
    """Make signed requests, fresh and each of its own."""
    start, end = now() - dt.timedelta(days=1), now() + dt.timedelta(days=1)
    own = issuing().issue("C=DE", "O=Test", "OU=Clients", "CN=client", start=start, end=end)
    _, (request,) = signed.LANDSCAPES["x509"]()
    http = request.capture.request
    assert http is not None
    made = []
    for number in range(count):
        moment = now() + dt.timedelta(seconds=number % 20)
        material = Material(now=moment, identities=(Identity(own.key, own.certificate),), probe=False)
        body = renewed(request.capture.envelope, material).envelope
        head = (
            f"POST {http.target} HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


def serve(ours: Connection) -> None:
    """Receive a description, serve its lab, and say on which port."""
    with served(ours.recv()) as (port, heard):
        ours.send(port)
        while True:
            time.sleep(1)
            for one in heard:
                line(one)
            heard.clear()


async def load(port: int, made: list[bytes], connections: int, seconds: float) -> tuple[int, int]:
    """Send for some seconds; return how many were answered with 200, and how many not."""
    good = bad = 0
    end = time.monotonic() + seconds

    async def client(first: int) -> None:
        nonlocal good, bad
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        number = first
        while time.monotonic() < end:
            writer.write(made[number % len(made)])
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            await reader.readexactly(length)
            if head.startswith(b"HTTP/1.1 200"):
                good += 1
            else:
                bad += 1
            number += connections
        writer.close()

    await asyncio.gather(*(client(first) for first in range(connections)))
    return good, bad


def descriptors(process: int) -> int:
    """Return how many files and sockets a process has open (Linux)."""
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def kill_clients(port: int, made: bytes, count: int) -> None:
    """Open connections, send half a request on each, and reset them."""
    linger = struct.pack("ii", 1, 0)
    for _ in range(count):
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(made[: len(made) // 2])
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--connections", type=int, default=50)
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    lab = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    lab.start()
    # The same requests come again and again.
    ours.send(change(signed.LANDSCAPES["x509"]()[0], {"wss_setup.detect_message_replays": False}))
    port, process = ours.recv(), lab.pid
    assert process is not None
    made = requests(400)
    asyncio.run(load(port, made, options.connections, 3))
    before, used, open_before = resident(process), processor(process), descriptors(process)
    good, bad = asyncio.run(load(port, made, options.connections, options.seconds / 2))
    middle = resident(process)
    more, worse = asyncio.run(load(port, made, options.connections, options.seconds / 2))
    good, bad = good + more, bad + worse
    after, used = resident(process), processor(process) - used
    print(f"{options.connections} connections, {options.seconds:g} s: {good} accepted, {bad} not")
    print(f"{(good + bad) / options.seconds:.0f} requests/s, {(good + bad) / used:.0f} a second of one core")
    print(f"memory {before:.0f} MiB before, {middle:.0f} MiB in the middle, {after:.0f} MiB after")
    kill_clients(port, made[0], _KILLED)
    time.sleep(1)
    left = descriptors(process) - open_before
    print(f"{_KILLED} clients killed in the middle of a request: {left} more files and sockets open than before")
    lab.terminate()


if __name__ == "__main__":
    main()
