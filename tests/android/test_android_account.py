"""Accounts on phones: what is seen in the inbox and when, and what is written and spoken."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from harness.foundation.errors import NotOffered
from harness.foundation.units import MS


def test_messages_that_were_there_before_are_not_new_and_ones_own_are_none(street: Any) -> None:
    street.service.send("Wang Fang", "Lin Yue", "text", "yesterday")
    driver = street.open().account("acct-driver")
    street.service.send("Wang Fang", "Lin Yue", "text", "today")
    sent = street.clock.now()
    street.wait(driver.inbox)
    (message,) = driver.inbox()
    assert message.text == "today"
    assert message.stamp.early <= sent <= message.stamp.late


def test_an_inbox_that_scrolls_is_followed_and_a_jump_is_a_fault(street: Any) -> None:
    driver = street.open().account("acct-driver")
    for number in range(12):
        street.service.send("Wang Fang", "Lin Yue", "text", f"{number}")
        if number % 4 == 3:
            street.wait(lambda number=number: len(driver.inbox()) == number + 1)
    assert [m.text for m in driver.inbox()] == [str(n) for n in range(12)]
    driver._handset.undecided = True  # nobody looks
    for number in range(20):
        street.service.send("Wang Fang", "Lin Yue", "text", f"more {number}")
    driver._handset.undecided = False
    street.wait(lambda: driver.fault)
    assert "unseen" in str(driver.fault)
    stopped = driver.seen_to()
    street.clock.run_until(street.clock.now() + 300 * MS)
    assert driver.seen_to() == stopped


def test_nobody_looks_at_the_inbox_while_a_scan_waits_for_its_decision(street: Any) -> None:
    rig = street.open()
    driver, phone = rig.account("acct-driver"), rig.phone("acct-driver")
    assert phone.scan(street.cars[0].code()).outcome == "accepted"
    street.clock.run_until(street.clock.now() + 300 * MS)
    stopped = driver.seen_to()
    assert phone.confirm().outcome == "accepted"
    street.wait(lambda: driver.seen_to() > stopped)


def test_voice_is_spoken_while_the_key_is_held(street: Any) -> None:
    class Mouth:
        played: tuple[int, int] = (0, 0)

        def play(self, samples: Any, rate: int) -> None:
            self.played = (len(samples), rate)

    mouth = Mouth()
    contact = street.open(mouth=mouth).account("acct-contact")
    stamp = contact.send_voice("acct-driver", np.zeros(8000, np.int16), 16_000)
    assert mouth.played == (8000, 16_000)
    ((held, _),) = street.apps[1].heard
    assert held >= 500 + 700
    assert stamp.late - stamp.early >= 700 * MS
    assert [m.kind for m in street.service.inbox("Lin Yue")] == ["voice"]


def test_the_phones_own_reader_types_ascii_and_offers_no_more(street: Any) -> None:
    contact = street.open().account("acct-contact")
    contact.send_text("acct-driver", "it's 5 o'clock; rm -rf / & $HOME")
    assert [m.payload for m in street.service.inbox("Lin Yue")] == ["it's 5 o'clock; rm -rf / & $HOME"]
    with pytest.raises(NotOffered, match="eyes: uiautomator2"):
        contact.send_text("acct-driver", "早上好")
