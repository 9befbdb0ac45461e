"""The device's files, by the sync protocol (AOSP, adb/docs/dev/sync.md): STAT, LIST, SEND, RECV, QUIT."""

from __future__ import annotations

import struct

from fake_adb.wire import Wire

MTIME = 1_700_000_000
FILE, FOLDER = 0o100644, 0o040755


class Files:
    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.full = False
        """No space left: a push fails."""

    def stat(self, path: str) -> tuple[int, int, int]:
        if path in self.content:
            return FILE, len(self.content[path]), MTIME
        if any(name.startswith(path.rstrip("/") + "/") for name in self.content):
            return FOLDER, 4096, MTIME
        return 0, 0, 0

    def below(self, path: str) -> list[str]:
        start = path.rstrip("/") + "/"
        return sorted({name.removeprefix(start).split("/")[0] for name in self.content if name.startswith(start)})

    def converse(self, wire: Wire) -> None:
        while True:
            kind, length = struct.unpack("<4sI", wire.exactly(8))
            path = wire.exactly(length).decode()
            if kind == b"STAT":
                wire.send(b"STAT" + struct.pack("<III", *self.stat(path)))
            elif kind == b"LIST":
                for name in self.below(path):
                    mode, size, when = self.stat(f"{path.rstrip('/')}/{name}")
                    wire.send(b"DENT" + struct.pack("<IIII", mode, size, when, len(name.encode())) + name.encode())
                wire.send(b"DONE" + bytes(16))
            elif kind == b"SEND":
                self._send(wire, path.rpartition(",")[0])
            elif kind == b"RECV":
                self._recv(wire, path)
            else:
                return

    def _send(self, wire: Wire, path: str) -> None:
        data = b""
        while True:
            kind, length = struct.unpack("<4sI", wire.exactly(8))
            if kind == b"DONE":
                break
            data += wire.exactly(length)
        if self.full:
            self._fail(wire, "couldn't write: No space left on device")
            return
        self.content[path] = data
        wire.send(b"OKAY" + bytes(4))

    def _recv(self, wire: Wire, path: str) -> None:
        if path not in self.content:
            self._fail(wire, f"open failed: {path}: No such file or directory")
            return
        data = self.content[path]
        for start in range(0, len(data), 65536):
            part = data[start : start + 65536]
            wire.send(b"DATA" + struct.pack("<I", len(part)) + part)
        wire.send(b"DONE" + bytes(4))

    def _fail(self, wire: Wire, why: str) -> None:
        wire.send(b"FAIL" + struct.pack("<I", len(why.encode())) + why.encode())
