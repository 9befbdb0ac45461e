"""Phones and Android units on a fake adb server that speaks the real host protocol."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("adbutils", reason="the extra 'phone' is not installed")
sys.path.insert(0, str(Path(__file__).parent))  # tests import no test files, and this is none


@pytest.fixture
def android() -> Any:
    from fake_adb.android import Android

    return Android("FAKE0001")


@pytest.fixture
def server(android: Any) -> Iterator[Any]:
    from fake_adb.server import FakeAdbServer

    server = FakeAdbServer(android)
    yield server
    server.close()
