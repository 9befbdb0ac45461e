"""Runs that know secrets, and files of every kind that tell one."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import struct
import wave
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.can.candump import to_line
from harness.can.port import Frame, Heard
from harness.console.recorded import to_line as console_line
from harness.foundation.journal import Journal
from harness.foundation.pseudonyms import Pseudonyms, Secret
from harness.foundation.units import MS

TOKEN = Secret("token", "HVK7DIAKS3JV7XQ4FBS7SMFDWY")
NAME = Secret("name", "林悦小明")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of one case that knows a token and a name."""
    case = tmp_path / "run" / "cases" / "login.1"
    case.mkdir(parents=True)
    pseudonyms = Pseudonyms(b"key", case)
    pseudonyms.learn([TOKEN, NAME])
    journal = Journal(case / "journal.jsonl", pseudonyms)
    journal.write("note", 0, text=f"session {TOKEN.value} of {NAME.value} was opened")
    journal.close()
    return tmp_path / "run"


def plain(told: bytes) -> bytes:
    return b"first line\nsecond: " + told + b"\nlast line\n"


def zipped(name: str, data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return file.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*more: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * (8 * 25)))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + body + chunk(b"IEND", b"")


def wav(*more: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(range(256)) * 40)
    found = bytearray(file.getvalue() + b"".join(more))
    found[4:8] = struct.pack("<I", len(found) - 8)
    return bytes(found)


def data_uri(kind: str, data: bytes) -> bytes:
    return b"<img src='data:" + kind.encode() + b";base64," + base64.b64encode(data) + b"'>"


def trace(told: bytes, size: int = 5) -> bytes:
    pieces = [b"\x7f" + told[i : i + size].ljust(size, b"\0") + b"\x01" for i in range(0, len(told), size)]
    frames = [Heard(n * MS, n * MS, n * MS, "data", Frame(0x5A1, p), False) for n, p in enumerate(pieces)]
    others = [Heard(n * MS, n * MS, n * MS, "data", Frame(0x100, b"\x01\x02"), True) for n in range(len(frames))]
    return "".join(to_line(h, "body") for pair in zip(others, frames, strict=True) for h in pair).encode()


def blf(told: bytes) -> bytes:
    import can

    file = io.BytesIO()
    file.close = lambda: None  # type: ignore[method-assign]  # the writer closes what it was given
    with can.BLFWriter(file) as writer:
        for n, at in enumerate(range(0, len(told), 5)):
            data = told[at : at + 5].ljust(5, b"\0")
            writer.on_message_received(can.Message(timestamp=n / 100, arbitration_id=0x5A1, data=data))
    return file.getvalue()


def console(told: bytes) -> bytes:
    chunks = [b"boot\r\n", b"auth: ", *(told[i : i + 7] for i in range(0, len(told), 7)), b"\r\nready\r\n"]
    return "".join(console_line(n * MS, c) for n, c in enumerate(chunks)).encode()


def pdf_stream(told: bytes) -> bytes:
    body = zlib.compress(b"BT (" + told + b") Tj ET")
    catalogue, tree = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"
    stream = b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(body), body)
    file, table = b"%PDF-1.4\n", b"xref\n0 4\n0000000000 65535 f \n"
    for number, thing in enumerate((catalogue, tree, stream), 1):
        table += b"%010d 00000 n \n" % len(file)
        file += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    return file + table + b"trailer\n<</Root 1 0 R/Size 4>>\nstartxref\n%d\n%%%%EOF\n" % len(file)


KINDS: dict[str, Callable[[bytes], bytes]] = {
    "notes.txt": plain,
    "data.json": lambda told: b'{"a": "' + told + b'"}',
    "page.html": lambda told: b"<p>" + told + b"</p>",
    "attached.html": lambda told: data_uri("text/plain", b"x" * 50 + told + b"y" * 50),
    "packed.html": lambda told: data_uri("application/gzip", gzip.compress(plain(told), mtime=0)),
    "picture.html": lambda told: data_uri("image/png", png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(told)))),
    "single.js": lambda told: b'd("data/a.txt","' + base64.urlsafe_b64encode(zipped("a", plain(told))) + b'")',
    "escaped.json": lambda told: b'{"a": "' + base64.b64encode(zipped("a", plain(told))).replace(b"/", b"\\/") + b'"}',
    "notes.gz": lambda told: gzip.compress(plain(told), mtime=0),
    "notes.bz2": lambda told: bz2.compress(plain(told)),
    "notes.xz": lambda told: lzma.compress(plain(told)),
    "notes.zip": lambda told: zipped("a.txt", plain(told)),
    "twice.zip": lambda told: zipped("b.zip", zipped("a.txt", plain(told))),
    "text.png": lambda told: png(chunk(b"tEXt", b"Comment\0" + told)),
    "deflated.png": lambda told: png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(told))),
    "behind.png": lambda told: png() + told,
    "tagged.wav": lambda told: wav(b"LIST" + struct.pack("<I", len(told)) + told),
    "body.log": trace,
    "body.blf": blf,
    "console.log": console,
    "report.pdf": pdf_stream,
    "journal.jsonl": lambda told: json.dumps({"text": told.decode("latin-1")}, ensure_ascii=True).encode(),
}


@pytest.fixture
def kinds() -> dict[str, Callable[[bytes], bytes]]:
    """A file of each kind that tells what it is given, by name."""
    return KINDS


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """``kind``: each of the kinds of file; ``spelling``: each way to write the token."""
    if "kind" in metafunc.fixturenames:
        metafunc.parametrize("kind", sorted(KINDS))
