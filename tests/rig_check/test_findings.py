"""What a self-check says: nothing secret, and intervals put into relation."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.stamps import Stamp
from harness.rig.probing.findings import Findings, Marker, PortFinding, Value, decent, shown_settings, sighting


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("rtsp://user:hush@10.0.0.2/main", "rtsp://10.0.0.2/main"),
        ("cannot open http://a:b@c:8080/x: no", "cannot open http://c:8080/x: no"),
        ("http://10.0.0.2/a@b", "http://10.0.0.2/a@b"),
        ("mail me@home", "mail me@home"),
    ],
)
def test_addresses_are_shown_without_user_and_password(text: str, shown: str) -> None:
    assert decent(text) == shown


def test_settings_are_shown_without_secrets_at_any_depth() -> None:
    said = shown_settings(
        {
            "url": "http://u:hush@h/x",
            "password": "hush",
            "fd": True,
            "toucher": {"driver": "adb", "pin": 1234, "n": [1]},
        }
    )
    assert "hush" not in said
    assert "1234" not in said
    assert said == "url http://h/x, password ***, fd True, toucher {driver: adb, pin: ***, n: [1]}"


NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1)
WORDS = st.text(st.characters(categories=["L", "N", "P"], exclude_characters="/@'\""), min_size=1)


@settings(deadline=None, max_examples=60)
@given(user=NAMES, word=WORDS)
def test_no_password_survives(user: str, word: str) -> None:
    assert decent(f"x http://{user}:{word}@host/p: gone") == "x http://host/p: gone"


@pytest.mark.parametrize(
    ("seen", "relation"),
    [((90, 100), "at once"), ((120, 130), "at once"), ((121, 130), "later"), ((80, 99), "before"), (None, "unseen")],
)
def test_an_interval_is_put_into_relation_to_its_cause(seen: tuple[int, int] | None, relation: str) -> None:
    found = sighting("console", Stamp(110, 100, 120), seen, "why")
    assert found.relation == relation
    assert (found.low is None) is (seen is None)


def test_who_saw_it_before_it_happened_makes_the_check_fail() -> None:
    cause = Stamp(10_000_000, 9_000_000, 11_000_000)
    rows = (sighting("relay", cause, (9_000_000, 11_000_000)), sighting("console", cause, (1_000_000, 2_000_000)))
    event = Marker("KL15 on", rows, "")
    assert event.wrong == "KL15 on: console saw it before it happened: its clock is off"
    assert Findings((), (), (event,)).wrong == (event.wrong,)


def test_what_is_wrong_is_told_in_one_list() -> None:
    findings = Findings(
        (PortFinding("io", "d", "", "missing", "no board"), PortFinding("can/body", "d", "", "found", "")),
        (Value("audio", "loop gain", "dB", -3.0, wrong="a knob was turned"), Value("rig", "x", "", None, said="why")),
        (),
    )
    assert findings.wrong == ("io is missing: no board", "audio: a knob was turned")
    assert json.loads(json.dumps(findings.as_json()))["wrong"] == list(findings.wrong)
