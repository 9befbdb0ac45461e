"""What crosses to the messaging service comes back as it was; anything else is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.phone.events import CodeConfirmed, Contact, MessageArrived
from harness.phone.messages import Message, Voice
from harness.phone.sessions import LogEntry
from harness.phone.wire import pack, unpack

voices = st.builds(Voice, st.binary(max_size=50), st.just("opus"), st.integers(0, 10**12))
messages = st.builds(
    Message, st.text(), st.text(), st.text(), st.sampled_from(["voice", "text"]), st.text() | voices, st.integers(0)
)
contacts = st.builds(Contact, st.text(), st.text())
values = st.one_of(
    st.none(),
    st.text(),
    st.integers(),
    messages,
    voices,
    st.builds(LogEntry, st.text(), st.text(), st.integers(0)),
    st.builds(CodeConfirmed, *(st.text(),) * 4, st.lists(contacts).map(tuple)),
    st.builds(MessageArrived, st.text(), messages, st.text(), st.booleans(), st.integers(0)),
    st.lists(messages).map(tuple),
)


@given(values)
@settings(deadline=None, max_examples=100)
def test_values_come_back_as_they_were(value: object) -> None:
    back = unpack(json.loads(json.dumps(pack(value))))
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize(
    "sent", [{"is": "Popen", "fields": []}, {"is": "Contact", "fields": ["one"]}, {"fields": []}, {"is": "Contact"}]
)
def test_what_is_never_sent_is_refused(sent: object) -> None:
    with pytest.raises(ValueError):
        unpack(sent)


def test_what_is_ours_alone_does_not_cross() -> None:
    with pytest.raises(ValueError):
        pack(object())
