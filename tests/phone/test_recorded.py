"""What accounts and phones saw, as lines and back."""

from __future__ import annotations

import json

import numpy as np
import pytest

from harness.foundation.stamps import Stamp
from harness.phone.port import CallEvent, Delivered, SessionEvent, Unread
from harness.phone.recorded import Answer, from_json, message_to_json, to_json

AT = Stamp(5, 4, 7)


@pytest.mark.parametrize(
    "event",
    [
        SessionEvent("opened", "GS4HU-1", AT),
        CallEvent("rings", "c1", "video", AT),
        Unread(3, AT),
        Answer("driver", "scan", "accepted", AT),
    ],
)
def test_an_event_comes_back_as_it_was(event) -> None:
    assert from_json(json.loads(json.dumps(to_json(event)))) == event


def test_a_message_says_everything_but_what_it_holds() -> None:
    message = Delivered("m1", "driver", "voice", AT, "secret", 16_000, np.zeros(3, np.int16), "silk")
    line = message_to_json(message, "restricted/contact-message-0001.wav")
    assert (line["samples"], line["rate"], line["is"], line["t"]) == (3, 16_000, "voice", 5)
    assert "secret" not in json.dumps(line)


def test_a_line_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="dream"):
        from_json({"kind": "dream", "t": 1, "early": 1, "late": 1})
