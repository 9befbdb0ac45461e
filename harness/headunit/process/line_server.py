"""A TCP server on 127.0.0.1 that is asked in lines and answers in lines: SCPI, and the relays of the loop rig."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable

Answer = Callable[[str], str | None]


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class LineServer:
    """``answer(line)`` gives the line to send back, or None for nothing; it is called in the connection's thread."""

    def __init__(self, answer: Answer, name: str, port: int = 0) -> None:
        class Connection(socketserver.StreamRequestHandler):
            disable_nagle_algorithm = True

            def handle(self) -> None:
                try:
                    for line in self.rfile:
                        said = answer(line.decode("utf-8", "replace").strip())
                        if said is not None:
                            self.wfile.write(said.encode() + b"\n")
                except ConnectionError:
                    return

        self._server = _Server(("127.0.0.1", port), Connection)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name=name, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
