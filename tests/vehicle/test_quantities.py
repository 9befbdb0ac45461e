"""Quantities as people write them in a car's file: what they are in base units, and what is said of wrong ones."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from harness.vehicle.limits import LimitModel
from harness.vehicle.quantities import BitRate, Duration, Speed, Volts, duration, quantity


@pytest.mark.parametrize(("kind", "text", "value"), [
    (Duration, "250 ms", 250_000_000), (Duration, "2 min", 120_000_000_000), (BitRate, "500 kbit/s", 500_000),
    (BitRate, "2 Mbit/s", 2_000_000), (Speed, "5.0 m/s", 5.0), (Volts, "9 V", 9.0), (Volts, "250 mV", 0.25),
])  # fmt: skip
def test_a_quantity_is_read_in_base_units(kind: Any, text: str, value: float) -> None:
    found = TypeAdapter(kind).validate_python(text)
    assert (found, type(found)) == (value, type(value))


UNITS = "ns, us, ms, s, min, V, mV, A, mA, dB, dBov, %, ppm, kbit/s, Mbit/s, km/h, m/s, Hz, 1"
WRONG = [
    (Duration, 250, "the unit is missing. Write it with the number, such as '250 ms'"),
    (Duration, 2.5, "the unit is missing. Write it with the number, such as '250 ms'"),
    (Duration, True, "not a quantity. Write a number with its unit, such as '250 ms'"),
    (Duration, None, "not a quantity. Write a number with its unit, such as '250 ms'"),
    (Duration, "5 V", "'5 V' is not a time; write ns, us, ms, s or min. Write it such as '250 ms'"),
    (Duration, "soon", "'soon' is not a number with a unit, such as '250 ms'. Write it such as '250 ms'"),
    (BitRate, 500, "the unit is missing. Write it with the number, such as '500 kbit/s'"),
    (BitRate, "5 V", "is in V, bit/s is needed. Write it such as '500 kbit/s'"),
    (Speed, "5 km/h", "is in km/h, m/s is needed. Write it such as '5.0 m/s'"),
    (Speed, [], "not a quantity. Write a number with its unit, such as '5.0 m/s'"),
    (Volts, "9 W", f"unknown unit 'W' in '9 W'; known: {UNITS}. Write it such as '9 V'"),
    (Volts, "9 A", "is in A, V is needed. Write it such as '9 V'"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "told"), WRONG)
def test_what_is_no_such_quantity_is_told_with_an_example(kind: Any, value: Any, told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    assert caught.value.errors()[0]["msg"] == f"Value error, {told}"


def test_the_functions_say_the_same() -> None:
    assert duration("1.5 s") == 1_500_000_000
    assert quantity("5 mA", "A", "1 A") == 0.005
    with pytest.raises(ValueError, match=r"^is in A, V is needed\. Write it such as '3 V'$"):
        quantity("5 mA", "V", "3 V")


LIMITS = [
    ({"max": "250 ms"}, "<= 250 ms", "s", None, 0.25),
    ({"min": "0.90 1"}, ">= 0.90", "1", 0.9, None),
    ({"min": "0.1 s", "max": "2 s"}, "0.1 s .. 2 s", "s", 0.1, 2.0),
    ({"value": "800 ms", "tolerance": "50 ms"}, "800 ms +/- 50 ms", "s", 0.75, 0.85),
    ({"equals": "1 1"}, "= 1", "1", 1.0, 1.0),
    ({"min": "3 V", "max": "3 V"}, "3 V .. 3 V", "V", 3.0, 3.0),
]


@pytest.mark.parametrize(("form", "text", "unit", "low", "high"), LIMITS)
def test_a_limit_keeps_what_was_written_and_its_ends(
    form: dict[str, str], text: str, unit: str, low: float | None, high: float | None
) -> None:
    model = LimitModel.model_validate(
        {**form, "source": "ISO 1", "edition": "2020", "clause": "4.2", "status": "standard"}
    )
    limit = model.limit()
    assert (limit.text, limit.unit, limit.low, limit.high) == (text, unit, low, high)
    assert (limit.source, limit.status) == ("ISO 1 2020 4.2", "standard")
    bare = LimitModel.model_validate({**form, "source": "maker's value"})
    assert (bare.limit().source, bare.verified_by, bare.edition, bare.clause) == ("maker's value", "", "", "")
    assert LimitModel.model_validate({**form, "source": "maker's value", "status": "draft"}).status == "draft"


FORMS = "no such form of a limit. Write max, min, both of them, value with tolerance, or equals"


@pytest.mark.parametrize(("form", "told"), [
    ({}, FORMS),
    ({"value": "1 s"}, FORMS),
    ({"tolerance": "1 s"}, FORMS),
    ({"equals": "1 s", "max": "1 s"}, FORMS),
    ({"min": "1 s", "max": "2 V"}, "mixes the units V and s. Use one"),
    ({"value": "1 V", "tolerance": "2 s"}, "mixes the units V and s. Use one"),
    ({"min": "2 s", "max": "1 s"}, "its lower end is above its upper end. Swap them"),
    ({"value": "1 s", "tolerance": "-1 s"}, "its lower end is above its upper end. Swap them"),
    ({"max": 3}, "the unit is missing. Write it with the number, such as '250 ms'"),
    ({"max": "3 W"}, f"unknown unit 'W' in '3 W'; known: {UNITS}. Write it such as '250 ms', '1 dB' or '0.90 1'"),
])  # fmt: skip
def test_a_limit_that_is_none_is_told_with_what_to_write(form: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        LimitModel.model_validate({**form, "source": "ISO 1", "status": "law"})
    assert caught.value.errors()[0]["msg"] == f"Value error, {told}"


@pytest.mark.parametrize(("form", "field"), [
    ({"max": "1 s", "source": ""}, "source"), ({"max": "1 s"}, "source"),
    ({"max": "1 s", "source": "x", "status": "rumour"}, "status"), ({"max": "1 s", "source": "x"}, "status"),
    ({"max": "1 s", "source": "maker's value", "about": "x"}, "about")])  # fmt: skip
def test_a_limit_has_a_source_a_status_and_nothing_unknown(form: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        LimitModel.model_validate({"status": "law", **form} if field == "source" else form)
    assert [error["loc"] for error in caught.value.errors()] == [(field,)]


def test_a_limit_does_not_change() -> None:
    model = LimitModel.model_validate({"max": "1 s", "source": "maker's value"})
    with pytest.raises(ValidationError, match="frozen"):
        model.max = "2 s"  # type: ignore[misc]
