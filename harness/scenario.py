"""What a scenario file imports: which requirement it verifies, how often it repeats, and units of time."""

from __future__ import annotations

import pytest

from harness.foundation.units import MS, US, S

__all__ = ["MS", "US", "S", "needs", "repeats", "sweeps", "verifies"]


def verifies(*requirements: str) -> pytest.MarkDecorator:
    """The requirement ids this scenario verifies. Each of them must be judged in it."""
    return pytest.mark.verifies(*requirements)


def repeats(requirement: str) -> pytest.MarkDecorator:
    """Repeat the scenario in one world as often as ``requirement``'s level asks for; its samples are judged
    together."""
    return pytest.mark.repeats(requirement)


def sweeps(requirement: str) -> pytest.MarkDecorator:
    """Many worlds for one verdict on ``requirement``: minutes instead of seconds. ``--no-sweep`` leaves such scenarios
    out."""
    return pytest.mark.sweeps(requirement)


def needs(*offers: str) -> pytest.MarkDecorator:
    """What the scenario asks of a car beyond what its requirements need, in their words: ``needs("button.level")``. A
    car that does not offer it gets NOT APPLICABLE with the reason; "a | b" is either."""
    return pytest.mark.needs(*offers)
