"""``hil rig check`` on the loop rig: three processes, real interfaces; and with parts of it missing or wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.rig.self_check import beside, standing

ROOT = Path(__file__).parents[2]
Check = Callable[..., tuple[int, dict[str, Any]]]
Rig = Callable[..., Path]


def states(said: dict[str, Any]) -> dict[str, str]:
    return {port["port"]: port["state"] for port in said["ports"]}


def value(said: dict[str, Any], port: str, quantity: str) -> dict[str, Any]:
    (found,) = [v for v in said["values"] if v["port"] == port and v["quantity"] == quantity]
    return dict(found)


@pytest.mark.slow
def test_a_whole_rig_is_measured_and_its_sources_agree_on_an_event(rig: Rig, check: Check) -> None:
    path = rig(("lateness: 40 ms", "lateness: 400 ms"))  # other work on this machine is not what is tested
    code, said = check(path, "--days", "7")
    assert (code, said["wrong"]) == (0, [])
    assert set(states(said).values()) == {"found"}

    for bus in ("can/body", "can/infotainment"):
        p50, p99, worst = (value(said, bus, f"cycle error, {name}")["value"] for name in ("p50", "p99", "max"))
        assert 0 <= p50 <= p99 <= worst < 0.4
        offset = value(said, bus, "clock offset")
        assert offset["low"] <= offset["value"] <= offset["high"]
        assert offset["high"] - offset["low"] < 0.05
        assert 0 < value(said, bus, "width of a stamp, median")["value"] < 0.05
    for port in ("screen", "phone"):
        offset = value(said, port, "clock offset")
        assert offset["low"] <= 0 <= offset["high"]
    assert value(said, "audio", "loop and noise floor")["value"] is None
    for volts in ("12", "13.5"):
        assert abs(value(said, "supply", f"voltage error at {volts} V")["value"]) <= 0.1
    assert value(said, "console", "bytes after switching on")["value"] > 0

    on, off = said["events"]
    seen = {s["source"]: s["relation"] for s in on["sightings"]}
    assert seen["relay of KL15"] == seen["supply current"] == "at once"
    assert seen["console text"] in ("at once", "later")
    assert seen["first frame on infotainment"] == seen["picture"] == "later"
    assert {s["source"]: s["relation"] for s in off["sightings"]}["supply current"] == "at once"

    kept = json.loads(beside(path).read_text())
    assert kept["values"] == said["values"]
    assert kept["good"] is True
    assert standing(path, said["measured"]).state == "fresh"
    assert standing(path, "9999-01-01").state == "stale"


@pytest.mark.slow
def test_what_is_missing_or_wrong_does_not_stop_the_look_at_the_rest(rig: Rig, check: Check) -> None:
    path = rig(
        ('url: "plant:console"', "url: /dev/ttyNONE"),
        ("protocol: devantech", "protocol: numato"),
        ('{driver: http, url: "plant:screen"}', '{driver: camera, url: "http://user:hush@127.0.0.1:9/stream"}'),
        ("dialect: generic", "dialect: rs-hmp"),
    )
    code, said = check(path)
    assert code == 3
    found = states(said)
    assert {port for port, state in found.items() if state == "missing"} == {"console", "screen"}
    assert {port for port, state in found.items() if state == "wrong"} == {"supply", "io"}
    assert found["phone"] == found["network"] == found["can/body"] == "found"
    reasons = {port["port"]: port["said"] for port in said["ports"]}
    assert "/dev/ttyNONE" in reasons["console"]
    assert "numato" in reasons["io"]
    assert "the dialect is for" in reasons["supply"]
    assert "needs supply, io" in value(said, "can", "cycle error")["said"]
    assert "hush" not in beside(path).read_text() + json.dumps(said)
    assert standing(path, said["measured"]).state == "failing"


@pytest.mark.slow
def test_a_plant_that_does_not_come_up_makes_its_ports_missing(rig: Rig, check: Check) -> None:
    path = rig()
    text = path.read_text("utf-8").replace("interface: udp_multicast", "interface: socketcan")
    lines = [line.partition(", port:")[0] + "}" if "socketcan" in line else line for line in text.splitlines()]
    path.write_text("\n".join(lines).replace("239.74.163.2", "can-none"), "utf-8")
    code, said = check(path)
    assert code == 3
    assert states(said)["audio"] == "found"
    assert {states(said)[port] for port in ("supply", "console", "screen", "phone", "network", "io")} == {"missing"}
    assert all("can-none" in port["said"] for port in said["ports"] if port["state"] == "missing")


@pytest.mark.slow
def test_a_wrong_setting_is_the_files_fault(rig: Rig, check: Check) -> None:
    code, said = check(rig(("dialect: generic", "dialect: generic, chanel: 1")))
    assert code == 2
    assert states(said)["supply"] == "wrong"
    assert "chanel" in next(port["said"] for port in said["ports"] if port["port"] == "supply")


def test_a_file_that_is_none_and_days_that_are_none_are_wrong_use(rig: Rig) -> None:
    path = rig(("driver: relay", "driver: relais"))
    for more, says in (((), "no such driver for io"), (("--days", "0"), "--days 0")):
        command = [sys.executable, "-P", "-m", "harness", "rig", "check", str(path), *more]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 2
        assert says in done.stderr
        assert not beside(path).exists()
