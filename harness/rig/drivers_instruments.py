"""Instruments as a rig fits them: the supply on KL30, and the meter beside it."""

from __future__ import annotations

from pydantic import Field, model_validator

from harness.foundation.errors import BadInput
from harness.rig.drivers import Fitted, Site
from harness.rig.settings import Duration, Settings, checked
from harness.supply.accuracy import Accuracy


class MeterSettings(Settings):
    """``largest``: the largest sleep current expected, in A; it chooses the meter's range."""

    resource: str = Field(min_length=1)
    dialect: str = "meter-generic"
    visa: str = "@py"
    largest: float = Field(default=0.1, gt=0)
    accuracy: Accuracy | None = None


class ScpiSettings(Settings):
    """``resource`` as VISA names it, ``dialect`` a name from harness/supply/dialects or a file, ``visa`` the library
    ("@py", "" for an installed one). ``current_limit`` (A) and ``over_voltage`` (V) have no default: they protect the
    unit, and only its owner knows them."""

    resource: str = Field(min_length=1)
    dialect: str = "generic"
    visa: str = "@py"
    channel: int = Field(default=1, ge=1)
    current_limit: float = Field(gt=0)
    over_voltage: float = Field(gt=0)
    over_current: float | None = Field(default=None, gt=0)
    tolerance: float = Field(default=0.1, gt=0)
    follow_within: Duration = 500_000_000
    list_mode: bool = True
    stall: Duration = 1_000_000_000
    meter: MeterSettings | None = None
    volts_accuracy: Accuracy | None = None
    amperes_accuracy: Accuracy | None = None

    @model_validator(mode="after")
    def _limits(self) -> ScpiSettings:
        if self.over_current is not None and self.over_current < self.current_limit:
            raise ValueError("over_current lies below current_limit, so it could never be reached. Raise it")
        return self


def supply(site: Site, name: str, settings: dict[str, object]) -> Fitted:
    """``{driver: scpi, resource: "TCPIP::10.0.0.7::5025::SOCKET", dialect: ea-ps9000, current_limit: 15,
    over_voltage: 18, meter: {resource: ..., dialect: meter-keysight-34460}}``."""
    from harness.supply.dialect import load_meter, load_supply
    from harness.supply.multimeter import ScpiMeter
    from harness.supply.scpi import ScpiSupply

    s = checked(ScpiSettings, name, settings)
    dialect = load_supply(s.dialect)
    if s.channel > dialect.channels:
        raise BadInput(
            f"rig file, {name}", None, f"channel = {s.channel}", f"{dialect.title} has {dialect.channels}", "Lower it."
        )
    meter = None
    if s.meter is not None:
        m, words = s.meter, load_meter(s.meter.dialect)
        meter = ScpiMeter(site.clock, m.resource, words, m.visa, largest=m.largest, accuracy=m.accuracy)
    port = ScpiSupply(
        site.clock,
        s.resource,
        dialect,
        s.visa,
        current_limit=s.current_limit,
        over_voltage=s.over_voltage,
        over_current=s.over_current,
        channel=s.channel,
        tolerance=s.tolerance,
        follow_within=s.follow_within,
        list_mode=s.list_mode,
        stall=s.stall,
        meter=meter,
        volts_accuracy=s.volts_accuracy,
        amperes_accuracy=s.amperes_accuracy,
    )
    return Fitted(port)
