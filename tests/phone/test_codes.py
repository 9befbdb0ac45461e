"""Login codes: what they look like, and their one life."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from harness.foundation.units import S
from harness.phone.codes import SCHEME, CodeBook, CodeState


def bits(text: str) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return "".join(f"{alphabet.index(c):05b}" for c in text.removeprefix(SCHEME))


def test_a_code_is_the_services_address_and_26_characters_of_base32():
    text = CodeBook(Random(1)).new("HU-1", 0).text
    assert text.startswith("https://login.example.invalid/c/")
    assert len(bits(text)) == 130
    assert bits(text).endswith("00")


def test_a_thousand_codes_are_distinct_and_no_bit_is_biased():
    book = CodeBook(Random(5))
    texts = [book.new("HU-1", 0).text for _ in range(1000)]
    assert len(set(texts)) == 1000
    ones = Counter(i for text in texts for i, bit in enumerate(bits(text)[:128]) if bit == "1")
    # Five standard deviations of a fair coin thrown 1000 times, over 128 places.
    assert all(abs(ones[i] - 500) < 80 for i in range(128))


def test_a_code_says_nothing_of_its_unit():
    assert "HU-1" not in CodeBook(Random(1)).new("HU-1", 0).text
    assert CodeBook(Random(1)).new("HU-1", 0).text == CodeBook(Random(1)).new("another", 99).text


@pytest.mark.parametrize(("at", "outcome"), [(0, "accepted"), (300 * S - 1, "accepted"), (300 * S, "expired")])
def test_a_code_is_valid_for_300_seconds(at, outcome):
    book = CodeBook(Random(1))
    code = book.new("HU-1", 0)
    book.time_out(at)
    assert book.scan(code.text, "driver", at)[0] == outcome


@pytest.mark.parametrize(("scanned", "over"), [(0, 60 * S), (100 * S, 160 * S), (290 * S, 300 * S)])
def test_a_scanned_code_times_out_after_60_seconds_and_never_outlives_its_end(scanned, over):
    book = CodeBook(Random(1))
    code = book.new("HU-1", 0)
    book.scan(code.text, "driver", scanned)
    assert book.next_end() == over
    assert book.time_out(over - 1) == []
    assert [c.state for c in book.time_out(over)] == [CodeState.TIMED_OUT]
    assert book.decide(code.text, "driver", CodeState.CONFIRMED)[0] == "expired"
    assert book.next_end() is None


def test_only_who_scanned_may_decide():
    book = CodeBook(Random(1))
    code = book.new("HU-1", 0)
    assert book.decide(code.text, "driver", CodeState.CONFIRMED)[0] == "refused"
    book.scan(code.text, "driver", 0)
    assert book.decide(code.text, "stranger", CodeState.CONFIRMED)[0] == "refused"
    assert book.decide(code.text, "driver", CodeState.CONFIRMED)[0] == "accepted"
    assert book.decide(code.text, "driver", CodeState.CONFIRMED)[0] == "used"


def test_a_refused_code_stays_refused():
    book = CodeBook(Random(1))
    code = book.new("HU-1", 0)
    book.scan(code.text, "driver", 0)
    book.decide(code.text, "driver", CodeState.REFUSED)
    assert book.scan(code.text, "driver", 1)[0] == "refused"
    assert book.decide(code.text, "driver", CodeState.CONFIRMED)[0] == "refused"


def test_a_login_retires_what_else_the_unit_has_shown():
    book = CodeBook(Random(1))
    old, mine, others = book.new("HU-1", 0), book.new("HU-1", 1), book.new("HU-2", 2)
    book.scan(mine.text, "driver", 3)
    book.decide(mine.text, "driver", CodeState.CONFIRMED)
    book.retire("HU-1")
    assert book.scan(old.text, "stranger", 4)[0] == "expired"
    assert book.scan(others.text, "stranger", 4)[0] == "accepted"
    assert book.scan(mine.text, "stranger", 4)[0] == "used"


def test_time_outs_come_in_the_order_in_which_they_were_due():
    book = CodeBook(Random(1))
    first, second = book.new("HU-1", 0), book.new("HU-1", 1)
    book.scan(second.text, "driver", 2)
    assert [c.text for c in book.time_out(400 * S)] == [second.text, first.text]
