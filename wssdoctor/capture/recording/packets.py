"""Network captures (pcap, pcapng) of plain HTTP: TCP streams put together, then cut into exchanges."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from wssdoctor.capture.recording import stream
from wssdoctor.capture.recording.exchange import Exchange
from wssdoctor.capture.source import Source

_TLS_HANDSHAKE = b"\x16\x03"
_METHODS = (b"POST ", b"GET ", b"PUT ", b"HEAD ", b"OPTIONS ", b"CONNECT ")
_ROUND = 1 << 32


class _End(NamedTuple):
    """Address and port."""

    address: bytes
    port: int


class _Segment(NamedTuple):
    source: _End
    target: _End
    sequence: int
    opens: bool
    """Whether it is the first of a connection: SYN without ACK."""
    synchronises: bool
    """Whether SYN is set, which counts as one octet."""
    data: bytes


class _Stream:
    """Segments of one direction, by their sequence number relative to the first."""

    def __init__(self) -> None:
        self.first: int | None = None
        self.segments: dict[int, bytes] = {}

    def add(self, segment: _Segment) -> None:
        begin = segment.sequence + segment.synchronises
        if self.first is None:
            self.first = begin
        offset = (begin - self.first) % _ROUND
        if segment.data and offset < _ROUND // 2 and len(segment.data) > len(self.segments.get(offset, b"")):
            self.segments[offset] = segment.data

    def octets(self) -> bytes:
        """Return what came without a gap, overlaps once."""
        found = bytearray()
        for offset in sorted(self.segments):
            if offset > len(found):
                break
            found += self.segments[offset][len(found) - offset :]
        return bytes(found)


class _Connection:
    """Both directions of a connection; the client is who sent the first segment seen."""

    def __init__(self, client: _End, moment: float) -> None:
        self.client = client
        self.moment = moment
        self.sent, self.answered = _Stream(), _Stream()

    def add(self, segment: _Segment) -> None:
        (self.sent if segment.source == self.client else self.answered).add(segment)


def exchanges(source: Source) -> Iterator[Exchange]:
    """Yield the exchanges of all connections, in the order in which the connections began.

    Raises InputError where there is none, and when dpkt, which takes packets apart, is not installed.
    """
    number, encrypted = 0, False
    for connection in _connections(source):
        sent, answered = connection.sent.octets(), connection.answered.octets()
        if answered and not sent.startswith(_METHODS) and answered.startswith(_METHODS):
            sent, answered = answered, sent  # the recording began in the middle, with an answer
        encrypted = encrypted or sent.startswith(_TLS_HANDSHAKE)
        answers = stream.responses(answered, source.name)
        for request, raw in stream.requests(sent, source.name):
            number += 1
            host = request.host
            yield Exchange(
                str(number),
                raw,
                next(answers, b""),
                url=f"http://{host}{request.target}" if host and request.target.startswith("/") else None,
                moment=datetime.fromtimestamp(connection.moment, UTC),
            )
    if not number:
        raise source.refusal(
            "The network capture holds no whole HTTP request.",
            why="Its connections are encrypted with TLS." if encrypted else "",
            hint="Record where HTTP is not encrypted, or with a proxy that records.",
        )


def _connections(source: Source) -> list[_Connection]:
    try:
        import dpkt
    except ImportError:
        raise source.refusal(
            "Network captures need the package dpkt.", hint="Install it: pip install 'wssdoctor[pcap]'"
        ) from None
    live: dict[frozenset[_End], _Connection] = {}
    found: list[_Connection] = []
    try:
        reader = dpkt.pcap.UniversalReader(io.BytesIO(source.data))
        link = reader.datalink()
        for moment, packet in reader:
            segment = _segment(dpkt, link, packet)
            if segment is None:
                continue
            pair = frozenset((segment.source, segment.target))
            if segment.opens or pair not in live:
                live[pair] = _Connection(segment.source, float(moment))
                found.append(live[pair])
            live[pair].add(segment)
    except (dpkt.Error, ValueError, EOFError, IndexError, OverflowError, ArithmeticError) as error:
        raise source.refusal("The network capture is broken.", why=type(error).__name__) from None
    return found


def _segment(dpkt: Any, link: int, packet: bytes) -> _Segment | None:
    """Return the TCP segment of a packet; None for everything else and for what is broken or a fragment."""
    kinds = {
        dpkt.pcap.DLT_EN10MB: dpkt.ethernet.Ethernet,
        dpkt.pcap.DLT_NULL: dpkt.loopback.Loopback,
        dpkt.pcap.DLT_LINUX_SLL: dpkt.sll.SLL,
        dpkt.pcap.DLT_LINUX_SLL2: dpkt.sll2.SLL2,
    }
    try:
        if link in kinds:
            network = kinds[link](packet).data
        else:
            network = (dpkt.ip6.IP6 if packet[:1] >= b"\x60" else dpkt.ip.IP)(packet)
        tcp = getattr(network, "data", None)
        if not isinstance(network, dpkt.ip.IP | dpkt.ip6.IP6) or not isinstance(tcp, dpkt.tcp.TCP):
            return None
    except (dpkt.Error, IndexError, ValueError):
        return None
    flags = tcp.flags
    synchronises = bool(flags & dpkt.tcp.TH_SYN)
    return _Segment(
        _End(network.src, tcp.sport),
        _End(network.dst, tcp.dport),
        tcp.seq,
        synchronises and not flags & dpkt.tcp.TH_ACK,
        synchronises,
        bytes(tcp.data),
    )
