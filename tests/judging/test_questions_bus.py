"""What questions to the buses, to diagnostics, supply and console are called, measure and say: by these words a journal
is judged again."""

from __future__ import annotations

import numpy as np
import pytest

from harness.foundation.stamps import Stamp
from harness.judging import (
    buses,
    cyclic,
    diagnostics,
    power,
    presses,
    privacy,
    queue,
    signals,
    trouble_codes,
)

AFTER, LATER = Stamp(1000, 900, 1100), Stamp(5000, 4900, 5100)
A, B = list(AFTER), list(LATER)
SPEECH = np.ones(16000, np.int16)
QUESTIONS = [
    (
        lambda: buses.returns(AFTER, 7000),
        "returns",
        "latency",
        "role/head_unit.alive",
        {"after": A, "watch": 7000},
        "the unit is back on the bus",
    ),
    (
        lambda: buses.error_frames(AFTER, 7000),
        "error_frames",
        "error_frames",
        "role/head_unit.alive",
        {"after": A, "watch": 7000},
        "error frames",
    ),
    (
        lambda: cyclic.within_cycle(0.1, AFTER, 9000),
        "within_cycle",
        "cycle_within_10_percent",
        "role/head_unit.alive",
        {"after": A, "until": 9000, "share": 0.1},
        "own messages within 10 % of their cycle",
    ),
    (
        lambda: cyclic.within_cycle(0.5, AFTER, 9000),
        "within_cycle",
        "cycle_within_50_percent",
        "role/head_unit.alive",
        {"after": A, "until": 9000, "share": 0.5},
        "own messages within 50 % of their cycle",
    ),
    (
        lambda: cyclic.within_cycle(0.9, AFTER, 9000),
        "within_cycle",
        "cycle_within_90_percent",
        "role/head_unit.alive",
        {"after": A, "until": 9000, "share": 0.9},
        "own messages within 90 % of their cycle",
    ),
    (
        lambda: trouble_codes.status_is("microphone", 0x9A1101, "not failed", AFTER, 9000),
        "status_is",
        "status_mismatches",
        "diagnostics",
        {"name": "microphone", "code": 0x9A1101, "stage": "not failed", "asked": A, "until": 9000},
        "microphone is not failed",
    ),
    (
        lambda: cyclic.counter_errors(AFTER, 9000),
        "counter_errors",
        "counter_errors",
        "role/head_unit.alive",
        {"after": A, "until": 9000},
        "counters of own messages",
    ),
    (
        lambda: cyclic.checksum_errors(AFTER, 9000),
        "checksum_errors",
        "checksum_errors",
        "role/head_unit.alive",
        {"after": A, "until": 9000},
        "checksums of own messages",
    ),
    (
        lambda: diagnostics.response_time(AFTER, 9000),
        "response_time",
        "latency",
        "diagnostics",
        {"after": A, "until": 9000},
        "the unit answers",
    ),
    (
        lambda: diagnostics.by_the_table([], True, AFTER, 9000),
        "by_the_table",
        "response_mismatches",
        "diagnostics",
        {"after": A, "rows": [], "asked": [], "functional": True, "until": 9000},
        "wrong functional requests",
    ),
    (
        lambda: diagnostics.tells({0xF195: "1.0"}, AFTER, 9000),
        "tells",
        "identification_mismatches",
        "diagnostics",
        {"after": A, "expected": {"0xF195": "1.0"}, "until": 9000},
        "the unit tells what it is",
    ),
    (
        lambda: diagnostics.keys_until_locked(AFTER, 9000),
        "keys_until_locked",
        "security_attempts",
        "diagnostics",
        {"after": A, "until": 9000},
        "wrong keys lock",
    ),
    (
        lambda: diagnostics.stays_locked(AFTER, None, 9000),
        "stays_locked",
        "security_delay",
        "diagnostics",
        {"after": A, "since": None, "until": 9000},
        "security stays locked",
    ),
    (
        lambda: diagnostics.stays_locked(AFTER, LATER, 9000),
        "stays_locked",
        "security_delay",
        "diagnostics",
        {"after": A, "since": B, "until": 9000},
        "security stays locked",
    ),
    (
        lambda: diagnostics.unlocks([1, 3], AFTER, 9000),
        "unlocks",
        "unlock_failures",
        "diagnostics",
        {"after": A, "levels": [1, 3], "until": 9000},
        "the right key opens",
    ),
    (
        lambda: power.current_after(AFTER, 7000),
        "current_after",
        "sleep_current",
        "supply",
        {"after": A, "settle": 7000, "over": 2000000000},
        "the highest current",
    ),
    (
        lambda: power.current_after(AFTER, 7000, 400),
        "current_after",
        "sleep_current",
        "supply",
        {"after": A, "settle": 7000, "over": 400},
        "the highest current",
    ),
    (
        lambda: power.falls_below(0.1, AFTER),
        "falls_below",
        "latency",
        "supply",
        {"amperes": 0.1, "after": A},
        "the unit falls asleep",
    ),
    (
        lambda: privacy.on_the_buses(("x",), AFTER, 9000),
        "on_the_buses",
        "canaries",
        "diagnostics",
        {"canaries": 1, "after": A, "until": 9000},
        "canaries in bus traffic",
    ),
    (
        lambda: privacy.on_the_console(("x",), AFTER, 9000),
        "on_the_console",
        "canaries",
        "console",
        {"canaries": 1, "after": A, "until": 9000},
        "canaries in the console",
    ),
    (
        lambda: privacy.in_answers(("x",), {}, AFTER, 9000),
        "in_answers",
        "canaries",
        "diagnostics",
        {"canaries": 1, "after": A, "until": 9000},
        "canaries in diagnostics",
    ),
    (
        lambda: queue.count_difference("cluster.unread", "acct-1", AFTER),
        "count_difference",
        "count_difference",
        "role/cluster.unread",
        {"role": "cluster.unread", "account": "acct-1", "after": A},
        "unread messages, unit less account",
    ),
    (
        lambda: signals.reaches("head_unit.app", "idle", AFTER),
        "reaches",
        "latency",
        "role/head_unit.app",
        {"role": "head_unit.app", "state": "idle", "after": A},
        "head_unit.app reaches idle",
    ),
    (
        lambda: signals.says("head_unit.app", "idle", AFTER),
        "says",
        "latency",
        "role/head_unit.app",
        {"role": "head_unit.app", "state": "idle", "after": A},
        "head_unit.app says idle",
    ),
    (
        lambda: signals.stays("head_unit.app", "idle", AFTER),
        "stays",
        "watch",
        "role/head_unit.app",
        {"role": "head_unit.app", "state": "idle", "after": A},
        "head_unit.app stays idle",
    ),
    (
        lambda: signals.avoids("head_unit.app", "idle", AFTER),
        "avoids",
        "watch",
        "role/head_unit.app",
        {"role": "head_unit.app", "state": "idle", "after": A},
        "head_unit.app never idle",
    ),
    (
        lambda: signals.silent("wheel.messaging", AFTER),
        "silent",
        "watch",
        "role/wheel.messaging",
        {"role": "wheel.messaging", "after": A},
        "wheel.messaging sends nothing",
    ),
    (
        lambda: trouble_codes.changes("microphone", 0x9A1101, 1, True, AFTER, 9000, "latency"),
        "changes",
        "latency",
        "diagnostics",
        {"name": "microphone", "code": 10096897, "bit": 1, "on": True, "after": A, "until": 9000},
        "microphone matures",
    ),
    (
        lambda: trouble_codes.stored({"microphone": 0x9A1101}, "nothing", AFTER, 9000),
        "stored",
        "dtc_count",
        "diagnostics",
        {"codes": {"microphone": 10096897}, "what": "nothing", "asked": A, "until": 9000},
        "trouble codes nothing",
    ),
    (
        lambda: trouble_codes.snapshot_tells_supply("microphone", 0x9A1101, 0xF442, {0xF442: 2}, AFTER, LATER, 9000),
        "snapshot_tells_supply",
        "snapshot_deviation",
        "diagnostics",
        {
            "name": "microphone",
            "code": 10096897,
            "identifier": 62530,
            "lengths": [[62530, 2]],
            "matured": A,
            "asked": B,
            "until": 9000,
        },
        "microphone has a snapshot",
    ),
]


@pytest.mark.parametrize("row", QUESTIONS, ids=[f"{n}-{row[1]}" for n, row in enumerate(QUESTIONS)])
def test_a_question_says_what_it_asks(row, says_what_it_asks) -> None:
    says_what_it_asks(row, AFTER, LATER)


PRESSES = ((AFTER, LATER),)


@pytest.mark.parametrize(
    ("ask", "name", "sentence"),
    [
        (presses.answered, "answered", "presses answered once by app"),
        (presses.slowest, "latency", "slowest answer by app"),
        (presses.slowing, "latency_growth", "answers by app slow down"),
    ],
)
def test_a_question_about_many_presses_says_by_what_it_looks_for_answers(ask, name, sentence) -> None:
    role = "head_unit.app"
    asked = ask(presses.by_state(role, "listening", PRESSES), f"role/{role}", PRESSES, "app")
    assert (asked.name, asked.quantity, asked.source, asked.sentence) == (name, name, f"role/{role}", sentence)
    assert (asked.anchor, asked.roles) == (AFTER, (role,))
    assert dict(asked.arguments) == {
        "presses": [[A, B]],
        "witness": sentence,
        "by": {"role": role, "state": "listening"},
    }
    heard = ask(presses.by_sound("chime", "amp.front_left", PRESSES), "audio", PRESSES, "app")
    assert (heard.source, heard.roles) == ("audio", ())
    assert heard.arguments["by"] == {"sound": "chime", "line": "amp.front_left"}
