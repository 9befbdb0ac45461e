"""The server that uiautomator2 starts on a phone: HTTP on a port of the device, JSON-RPC in it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from typing import Any

from fake_adb.wire import Gone, Wire


def serve(app: Any, command: str, out: Callable[[bytes], None], gone: Callable[[], bool]) -> None:
    """As ``CLASSPATH=.../u2.jar app_process / com.wetest.uia2.Main -p PORT`` does, while its shell lasts."""
    files = app.android.files.content
    if "/data/local/tmp/u2.jar" not in files:
        out(b"Error: Could not find or load main class com.wetest.uia2.Main\n")
        return
    port = int(command.rsplit(" ", 1)[1])
    if port in app.android.ports:
        out(b"java.lang.IllegalStateException: UiAutomationService already registered!\n")
        return
    app.android.ports[port] = lambda wire: _answer(app, wire)
    out(b"[server] INFO: [UiAutomator2Server] Starting Server\n")
    while not gone():
        threading.Event().wait(0.02)
    app.android.ports.pop(port, None)


def _answer(app: Any, wire: Wire) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += wire.some()
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length[1]):
        body += wire.some()
    if head.startswith(b"GET /ping"):
        answer = b"pong"
    else:
        asked = json.loads(body)
        answer = json.dumps({"jsonrpc": "2.0", "id": asked["id"], **_result(app, asked)}).encode()
    try:
        wire.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)
    except Gone:
        return


def _result(app: Any, asked: dict[str, Any]) -> dict[str, Any]:
    method, params = asked["method"], asked["params"]
    if method == "dumpWindowHierarchy":
        return {"result": app.hierarchy()}
    if method == "waitForExists":
        return {"result": True}
    if method == "setText":
        assert params[0]["focused"] is True
        app._typed = params[1]
        return {"result": True}
    if method == "deviceInfo":
        return {"result": {"currentPackageName": "com.example.hil.messenger", "sdkInt": 34}}
    return {"error": {"code": -32601, "message": f"no method {method}", "data": ""}}
