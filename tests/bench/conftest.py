"""The bench on the virtual rig: a real car, a real recording, the simulated unit at the far end."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from harness.audio.stimuli import Library
from harness.bench.world import World
from harness.foundation.journal import Journal, read_journal
from harness.judging.requirements import load_requirements
from harness.rig.load import load_rig
from harness.rig.rig import open_rig
from harness.vehicle.load import load_vehicle

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def read():
    vehicle = load_vehicle(ROOT / "dbc" / "gs4")
    return (
        load_rig(ROOT / "rigs" / "virtual.yaml"),
        vehicle,
        load_requirements(ROOT / "scenarios" / "requirements").for_vehicle(vehicle),
        Library.load(ROOT / "scenarios" / "stimuli"),
    )


@pytest.fixture
def world(read, tmp_path: Path):
    rig, vehicle, catalogue, library = read
    ports = open_rig(rig, vehicle, random.Random(5))
    world = World(ports, catalogue, library, Journal(tmp_path / "journal.jsonl"), random.Random(6))
    yield world
    world.close()
    world.journal.close()


@pytest.fixture
def journal(tmp_path: Path):
    """What has been written so far, of one kind."""
    return lambda kind: [r for r in read_journal(tmp_path / "journal.jsonl") if r["kind"] == kind]
