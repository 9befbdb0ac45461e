"""Quantities as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.units import MS, S, parse_duration, parse_quantity, show_time


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("250 ms", "0.250", "s"),
        ("250ms", "0.250", "s"),
        (" 2.5 s ", "2.5", "s"),
        ("1 min", "60", "s"),
        ("-6.5 V", "-6.5", "V"),
        ("5 mA", "0.005", "A"),
        ("500 kbit/s", "500000", "bit/s"),
        ("2 Mbit/s", "2000000", "bit/s"),
        ("1e3 us", "0.001", "s"),
        ("-26 dBov", "-26", "dBov"),
        ("0.6 1", "0.6", "1"),
    ],
)
def test_a_quantity_comes_in_base_units(text: str, value: str, unit: str) -> None:
    assert parse_quantity(text) == (Decimal(value), unit)


@pytest.mark.parametrize("text", ["", "250", "ms", "2,5 s", "2.5.1 s", "1 s 2 ms", "inf s", "nan s", "0x10 s"])
def test_a_number_without_unit_or_none_at_all_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"250 ms|unknown unit"):
        parse_quantity(text)


def test_an_unknown_unit_is_told_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"unknown unit 'msec'.*known: ns, us, ms"):
        parse_quantity("250 msec")


def test_a_duration_is_a_time_in_whole_nanoseconds() -> None:
    assert parse_duration("2.5 s") == 2_500_000_000
    with pytest.raises(ValueError, match="not a time"):
        parse_duration("5 V")


@settings(deadline=None, max_examples=100)
@given(st.integers(-(10**15), 10**15))
def test_any_nanosecond_survives_being_written(ns: int) -> None:
    assert parse_duration(f"{ns} ns") == ns


@settings(deadline=None, max_examples=100)
@given(st.integers(-(10**15), 10**15))
def test_a_shown_time_reads_back_to_half_a_millisecond(t: int) -> None:
    assert abs(parse_duration(show_time(t)) - t) <= MS // 2


def test_a_shown_time_has_the_decimals_that_matter() -> None:
    assert show_time(41_203 * MS) == "41.203 s"
    assert show_time(5 * S) == "5.000 s"
    assert show_time(1) == "0.001 us"
    assert show_time(12_500) == "12.5 us"
    assert show_time(3_385_864_823) == "3.386 s"
    assert show_time(-1 * MS) == "-0.001 s"
