"""The fake adb server is held against the real adb client (Debian: package adb) and against adbutils."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

adbutils: Any = pytest.importorskip("adbutils", reason="the extra 'phone' is not installed")
ADB = shutil.which("adb")
real = pytest.mark.skipif(ADB is None, reason="no adb client here (Debian: apt-get install adb)")


def adb(server: Any, *words: str, serial: str = "FAKE0001") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "ANDROID_ADB_SERVER_PORT": str(server.port)}
    which = ["-s", serial] if serial else []
    return subprocess.run([str(ADB), *which, *words], capture_output=True, timeout=20, env=environment, check=False)


@pytest.fixture
def client(server: Any) -> Any:
    return adbutils.AdbClient("127.0.0.1", server.port)


@real
def test_the_real_client_lists_devices_and_their_states(server: Any) -> None:
    assert adb(server, "devices", serial="").stdout == b"List of devices attached\nFAKE0001\tdevice\n\n"
    assert b"transport_id:1" in adb(server, "devices", "-l", serial="").stdout
    server.set_state("FAKE0001", "unauthorized")
    assert b"FAKE0001\tunauthorized" in adb(server, "devices", serial="").stdout


@real
def test_the_real_client_runs_commands_and_gets_their_exit_codes(server: Any) -> None:
    said = adb(server, "shell", "echo", "hello")
    assert (said.stdout, said.returncode) == (b"hello\n", 0)
    missing = adb(server, "shell", "nonsense")
    assert missing.returncode == 127
    assert b"not found" in missing.stderr
    assert adb(server, "get-state").stdout == b"device\n"


@real
def test_the_real_client_gets_raw_bytes(server: Any, android: Any) -> None:
    raw = adb(server, "exec-out", "screencap").stdout
    assert raw[16:] == android.rgba().tobytes()
    png = Image.open(io.BytesIO(adb(server, "exec-out", "screencap", "-p").stdout))
    assert np.array_equal(np.asarray(png.convert("RGB")), android.pixels())


@real
def test_the_real_client_pushes_lists_and_pulls(server: Any, android: Any, tmp_path: Path) -> None:
    there, back = tmp_path / "there", tmp_path / "back"
    there.write_bytes(bytes(range(256)) * 1000)
    pushed = adb(server, "push", str(there), "/sdcard/x.bin")
    assert pushed.returncode == 0, pushed.stderr
    assert android.files.content["/sdcard/x.bin"] == there.read_bytes()
    assert b"x.bin" in adb(server, "ls", "/sdcard").stdout
    assert adb(server, "pull", "/sdcard/x.bin", str(back)).returncode == 0
    assert back.read_bytes() == there.read_bytes()
    assert adb(server, "pull", "/sdcard/none", str(back)).returncode != 0
    android.files.full = True
    full = adb(server, "push", str(there), "/sdcard/y.bin")
    assert full.returncode != 0
    assert b"No space left" in full.stdout + full.stderr


@real
def test_the_real_client_forwards(server: Any) -> None:
    port = int(adb(server, "forward", "tcp:0", "tcp:9008").stdout)
    assert adb(server, "forward", "--list", serial="").stdout.split() == [
        b"FAKE0001",
        f"tcp:{port}".encode(),
        b"tcp:9008",
    ]
    assert adb(server, "forward", "--remove", f"tcp:{port}").returncode == 0
    assert adb(server, "forward", "--list", serial="").stdout.split() == []


@real
def test_the_real_client_reads_the_log(server: Any, android: Any) -> None:
    line = android.log.say("ready")
    environment = {**os.environ, "ANDROID_ADB_SERVER_PORT": str(server.port)}
    words = [str(ADB), "-s", "FAKE0001", "logcat", "-v", "epoch"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=environment) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == line
        server.set_state("FAKE0001", "absent")
        assert reader.stdout.read() == b""
        reader.kill()


@real
@pytest.mark.parametrize(
    ("state", "told"), [("offline", b"device offline"), ("unauthorized", b"unauthorized"), ("absent", b"not found")]
)
def test_the_real_client_is_refused_in_adbs_words(server: Any, state: str, told: bytes) -> None:
    server.set_state("FAKE0001", state)
    said = adb(server, "shell", "echo", "hello")
    assert said.returncode != 0
    assert told in said.stderr


@pytest.fixture(scope="module")
def real_server() -> Iterator[int]:
    """The real adb server on a port of its own, without a device."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [str(ADB), "-L", f"tcp:{port}", "nodaemon", "server"]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.05)
        yield port
        process.terminate()


def ask(port: int, request: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(f"{len(request):04x}{request}".encode())
        answer = b""
        while more := connection.recv(4096):
            answer += more
    return answer


@real
@pytest.mark.parametrize(
    "request_",
    ["host:version", "host:devices", "host:devices-l", "host:list-forward", "host:transport:NOPE", "host:transport-any",
     "host:tport:any", "host:tport:serial:NOPE", "host-serial:NOPE:get-state", "host-serial:NOPE:features",
     "host:nonsense"],
)  # fmt: skip
def test_the_fake_answers_as_the_real_server_does(real_server: int, request_: str) -> None:
    from fake_adb.server import FakeAdbServer

    if ask(real_server, "host:devices") != b"OKAY0000":
        pytest.skip("a device is plugged in here")
    fake = FakeAdbServer()
    assert ask(fake.port, request_) == ask(real_server, request_)
    fake.close()


def test_adbutils_speaks_to_it(client: Any, android: Any) -> None:
    device = client.device("FAKE0001")
    assert client.server_version() == 41
    assert [d.serial for d in client.device_list()] == ["FAKE0001"]
    assert device.shell("echo hello") == "hello"
    assert device.shell2("nonsense", v2=True).returncode == 127
    assert device.shell2("nonsense").returncode == 127
    assert device.window_size() == (200, 120)
    assert np.array_equal(np.asarray(device.framebuffer().convert("RGB")), android.pixels())
    device.sync.push(b"x" * 100_000, "/sdcard/y", check=True)
    assert device.sync.read_bytes("/sdcard/y") == b"x" * 100_000


def test_an_old_server_is_spoken_to_by_host_transport(android: Any) -> None:
    from fake_adb.server import FakeAdbServer

    server = FakeAdbServer(android, version=40)
    assert adbutils.AdbClient("127.0.0.1", server.port).device("FAKE0001").shell("echo x") == "x"
    assert "host:transport:FAKE0001" in server.requests
    server.close()


@pytest.mark.parametrize("state", ["offline", "unauthorized", "absent"])
def test_states_are_refused(server: Any, client: Any, state: str) -> None:
    server.set_state("FAKE0001", state)
    with pytest.raises(adbutils.AdbError):
        client.device("FAKE0001").shell("echo x")


def test_a_cut_and_garbage_are_seen(server: Any, client: Any, android: Any) -> None:
    server.garbage = 1
    with pytest.raises(adbutils.AdbError, match="Unknown data"):
        client.device("FAKE0001").shell("echo x")
    android.cut_next = 7
    with pytest.raises((EOFError, adbutils.AdbError, OSError)):
        client.device("FAKE0001").shell2("echo hello", v2=True)
