"""What questions to service and phones are called, measure and say: by these words a journal is judged again."""

from __future__ import annotations

import numpy as np
import pytest

from harness.foundation.stamps import Stamp
from harness.judging import (
    accounts,
    calls,
    interrupted,
)

AFTER, LATER = Stamp(1000, 900, 1100), Stamp(5000, 4900, 5100)
A, B = list(AFTER), list(LATER)
SPEECH = np.ones(16000, np.int16)
QUESTIONS = [
    (
        lambda: accounts.session_is("acct-1", "opened", AFTER),
        "session_is",
        "latency",
        "account/acct-1",
        {"account": "acct-1", "what": "opened", "after": A},
        "acct-1: session opened",
    ),
    (
        lambda: accounts.arrives("acct-1", AFTER),
        "arrives",
        "latency",
        "account/acct-1",
        {"account": "acct-1", "kind": "voice", "after": A},
        "a voice message reaches acct-1",
    ),
    (
        lambda: accounts.arrives("acct-1", AFTER, "text"),
        "arrives",
        "latency",
        "account/acct-1",
        {"account": "acct-1", "kind": "text", "after": A},
        "a text message reaches acct-1",
    ),
    (
        lambda: accounts.delivered("acct-1", AFTER, 7000),
        "delivered",
        "delivered",
        "account/acct-1",
        {"account": "acct-1", "after": A, "watch": 7000},
        "messages that reach acct-1 in 7e-06 s",
    ),
    (
        lambda: accounts.nothing_arrives("acct-1", AFTER),
        "nothing_arrives",
        "watch",
        "account/acct-1",
        {"account": "acct-1", "after": A},
        "nothing reaches acct-1",
    ),
    (
        lambda: accounts.session_stays("acct-1", AFTER),
        "session_stays",
        "watch",
        "account/acct-1",
        {"account": "acct-1", "after": A},
        "acct-1: session stays",
    ),
    (
        lambda: accounts.accepted("confirmed", AFTER),
        "accepted",
        "accepted",
        "phone",
        {"outcome": "confirmed", "at": A},
        "the code is accepted",
    ),
    (
        lambda: accounts.session_state("acct-1", "active", AFTER),
        "session_state",
        "session",
        "account/acct-1",
        {"account": "acct-1", "wanted": "active", "at": A},
        "acct-1: session active",
    ),
    (
        lambda: calls.call_is("acct-1", "answered", AFTER),
        "call_is",
        "latency",
        "account/acct-1",
        {"account": "acct-1", "what": "answered", "after": A},
        "the call of acct-1 is answered",
    ),
    (
        lambda: calls.call_stays("acct-1", AFTER),
        "call_stays",
        "watch",
        "account/acct-1",
        {"account": "acct-1", "after": A},
        "the call of acct-1 goes on",
    ),
    (
        lambda: calls.with_picture("acct-1", AFTER),
        "with_picture",
        "with_picture",
        "account/acct-1",
        {"account": "acct-1", "after": A},
        "the call is taken with picture",
    ),
    (
        lambda: interrupted.finished("acct-1", AFTER, 7000, 2),
        "finished",
        "as_the_table",
        "account/acct-1",
        {"account": "acct-1", "after": A, "span": 7000, "expected": 2},
        "what was being sent is dealt with as the car's table says",
    ),
]


@pytest.mark.parametrize("row", QUESTIONS, ids=[f"{n}-{row[1]}" for n, row in enumerate(QUESTIONS)])
def test_a_question_says_what_it_asks(row, says_what_it_asks) -> None:
    says_what_it_asks(row, AFTER, LATER)
