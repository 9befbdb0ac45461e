"""A limit as people write it, and the frozen value the judge holds.

Forms: ``{max: 250 ms}``, ``{min: 0.90 1}``, both, ``{value: 800 ms, tolerance: 50 ms}``, ``{equals: 1 1}``; each with
source, edition, clause, status (law, standard, draft, guideline, maker's value) and who verified the source.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from harness.foundation.units import parse_quantity
from harness.foundation.values import Limit
from harness.vehicle.quantities import _with_unit

Status = Literal["law", "standard", "draft", "guideline", "maker's value"]
BINDING = frozenset({"law", "standard"})
"""A car may tighten a limit of these, never loosen it."""


def _checked(value: object) -> str:
    text = _with_unit(value, "250 ms")
    try:
        parse_quantity(text)
    except ValueError as why:
        raise ValueError(f"{why}. Write it such as '250 ms', '1 dB' or '0.90 1'") from None
    return text


QuantityText = Annotated[str, BeforeValidator(_checked)]


class LimitModel(BaseModel):
    """One limit in a YAML file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    max: QuantityText | None = None
    min: QuantityText | None = None
    value: QuantityText | None = None
    tolerance: QuantityText | None = None
    equals: QuantityText | None = None
    source: str = Field(min_length=1)
    edition: str = ""
    clause: str = ""
    status: Status
    verified_by: str = ""

    @model_validator(mode="before")
    @classmethod
    def _makers_value(cls, data: object) -> object:
        if isinstance(data, dict) and data.get("source") == "maker's value" and "status" not in data:
            return {**data, "status": "maker's value"}
        return data

    @model_validator(mode="after")
    def _one_form(self) -> LimitModel:
        given = {name for name in ("max", "min", "value", "tolerance", "equals") if getattr(self, name) is not None}
        if given not in ({"max"}, {"min"}, {"max", "min"}, {"value", "tolerance"}, {"equals"}):
            raise ValueError("no such form of a limit. Write max, min, both of them, value with tolerance, or equals")
        units = {parse_quantity(getattr(self, name))[1] for name in given}
        if len(units) > 1:
            raise ValueError(f"mixes the units {' and '.join(sorted(units))}. Use one")
        low, high = self._bounds()
        if low is not None and high is not None and low > high:
            raise ValueError("its lower end is above its upper end. Swap them")
        return self

    def _bounds(self) -> tuple[Decimal | None, Decimal | None]:
        def number(text: str | None) -> Decimal | None:
            return None if text is None else parse_quantity(text)[0]

        if self.equals is not None:
            return number(self.equals), number(self.equals)
        if self.value is not None and self.tolerance is not None:
            middle, spread = parse_quantity(self.value)[0], parse_quantity(self.tolerance)[0]
            return middle - spread, middle + spread
        return number(self.min), number(self.max)

    def limit(self) -> Limit:
        """Base units; the text is what a person wrote, with its signs."""
        low, high = self._bounds()
        some = next(t for t in (self.equals, self.value, self.min, self.max) if t is not None)
        return Limit(
            unit=parse_quantity(some)[1],
            low=None if low is None else float(low),
            high=None if high is None else float(high),
            source=" ".join(part for part in (self.source, self.edition, self.clause) if part),
            status=self.status,
            text=self._text(),
        )

    def _text(self) -> str:
        def shown(text: str | None) -> str:
            return (text or "").removesuffix(" 1")

        if self.equals is not None:
            return f"= {shown(self.equals)}"
        if self.value is not None:
            return f"{shown(self.value)} +/- {shown(self.tolerance)}"
        if self.min is not None and self.max is not None:
            return f"{shown(self.min)} .. {shown(self.max)}"
        return f"<= {shown(self.max)}" if self.max is not None else f">= {shown(self.min)}"


def within(inner: Limit, outer: Limit) -> bool:
    """Whether all that ``inner`` admits is admitted by ``outer`` (same unit)."""
    low_ok = outer.low is None or (inner.low is not None and inner.low >= outer.low)
    high_ok = outer.high is None or (inner.high is not None and inner.high <= outer.high)
    return inner.unit == outer.unit and low_ok and high_ok
