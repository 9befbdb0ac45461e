"""Known failures that were accepted by someone, for a while (``deviations.yaml``).

A deviation keeps a FAIL visible and only takes it out of the exit code. It stops doing so when it has expired, when
the unit's software is outside its range or unknown, and when the case passes: then it must be removed, and the run is
red until it is. Nothing but a FAIL can be covered.

::

    schema: 1
    deviations:
      - case: "test_press_wakes_messaging[gs4]"
        ticket: HU-1042
        approver: A. Meier
        expires: 2027-01-31
        software: ">=2.1,<2.4"      # optional
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from harness.evidence.case import CaseRecord
from harness.foundation.config import Located, check_schema, load_yaml, suggest
from harness.foundation.values import Verdict

_KEYS = ("case", "ticket", "approver", "expires", "software")
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


class Standing(StrEnum):
    """What a deviation does in this run."""

    COVERS = "covers a known failure"
    EXPIRED = "has expired"
    OUTSIDE = "is for other software"
    PASSES = "is no longer needed: the case passes"
    IDLE = "covers nothing here"


@dataclass(frozen=True)
class Deviation:
    """One accepted failure. ``expires`` is the last day on which it counts, ``line`` where it stands."""

    case: str
    ticket: str
    approver: str
    expires: str
    software: str
    line: int

    def standing(self, case: CaseRecord, today: str, software: str | None) -> Standing:
        """What it does for ``case`` on the day of the run (``YYYY-MM-DD``) with that software in the unit."""
        if case.verdict is Verdict.PASS:
            return Standing.PASSES
        if case.verdict is not Verdict.FAIL:
            return Standing.IDLE
        if today > self.expires:
            return Standing.EXPIRED
        if self.software and not _within(self.software, software):
            return Standing.OUTSIDE
        return Standing.COVERS


@dataclass(frozen=True)
class Applied:
    """A deviation beside the case it names."""

    deviation: Deviation
    case: CaseRecord
    standing: Standing


def load_deviations(path: Path) -> tuple[Deviation, ...]:
    """Read ``deviations.yaml``; BadInput with file, line, value and remedy for whatever is wrong in it."""
    located = check_schema(load_yaml(path), 1)
    for key in located.data:
        if key not in ("schema", "deviations"):
            raise located.error((key,), "unknown key", suggest(str(key), ("schema", "deviations")))
    entries = located.data.get("deviations") or []
    if not isinstance(entries, list):
        raise located.error(("deviations",), "is not a list", "Write one '- case: ...' per deviation.")
    found = tuple(_entry(located, number, entry) for number, entry in enumerate(entries))
    seen: dict[str, int] = {}
    for number, deviation in enumerate(found):
        if deviation.case in seen:
            where = ("deviations", number, "case")
            raise located.error(where, f"the case already has one on line {seen[deviation.case]}", "Keep one of them.")
        seen[deviation.case] = deviation.line
    return found


def _entry(located: Located, number: int, entry: object) -> Deviation:
    where = ("deviations", number)
    if not isinstance(entry, dict):
        raise located.error(where, "is not a mapping", f"Give it {', '.join(_KEYS[:4])}.")
    for key in entry:
        if key not in _KEYS:
            raise located.error((*where, key), "unknown key", suggest(str(key), _KEYS))
    for key in _KEYS[:4]:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise located.error((*where, key), f"{key!r} is missing or not a text", f"Add '{key}: ...'.")
    if not _DATE.fullmatch(entry["expires"]):
        raise located.error((*where, "expires"), "is not a date", "Write YYYY-MM-DD.")
    software = entry.get("software", "")
    if software:
        from packaging.specifiers import InvalidSpecifier, SpecifierSet

        try:
            SpecifierSet(str(software))
        except InvalidSpecifier:
            remedy = 'Write a range such as ">=2.1,<2.4".'
            raise located.error((*where, "software"), "is not a range of versions", remedy) from None
    return Deviation(
        entry["case"], entry["ticket"], entry["approver"], entry["expires"], str(software), located.line(where)
    )


def _within(specifier: str, version: str | None) -> bool:
    from packaging.specifiers import SpecifierSet
    from packaging.version import InvalidVersion, Version

    try:
        return version is not None and Version(version) in SpecifierSet(specifier, prereleases=True)
    except InvalidVersion:
        return False


def apply(
    deviations: Iterable[Deviation], cases: Iterable[CaseRecord], today: str, software: str | None
) -> tuple[Applied, ...]:
    """Every deviation that names a case of this run (by id or node id), with what it does there."""
    table = {d.case: d for d in deviations}
    found = []
    for case in cases:
        deviation = table.get(case.id) or table.get(case.nodeid)
        if deviation:
            found.append(Applied(deviation, case, deviation.standing(case, today, software)))
    return tuple(found)
