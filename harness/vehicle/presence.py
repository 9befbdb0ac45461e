"""Is the driver there, has the driver left? Pure rules over {role: state}.

Theory. No single signal says so: a seat mat flickers, a belt stays buckled behind the back, a key is handed over. A
car therefore lists alternatives; each is a set of states that must hold together. ``locked`` holds even where the
presence signals are missing or invalid. ``present`` wins over ``left`` when a car's rules would admit both. Where
leaving is a moment rather than a state (a door that opens and closes again), ``back`` says what a return is; else it is
whatever ends the rule. A role whose state is unknown (None, or not in the mapping) satisfies nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Alternatives = tuple[Mapping[str, str], ...]
NOT_KNOWN = (None, "invalid", "unknown")
"""States of a role that say nothing about the driver."""
States = Mapping[str, str | float | None]


@dataclass(frozen=True)
class Presence:
    """Alternatives, each {role: state}; within one all must hold, one of them is enough."""

    present: Alternatives
    left: Alternatives
    locked: Alternatives
    back: Alternatives = ()

    def is_present(self, states: States) -> bool:
        return _any_holds(self.present, states)

    def is_locked(self, states: States) -> bool:
        """Locked from outside: nobody who drives is inside."""
        return _any_holds(self.locked, states)

    def has_left(self, states: States) -> bool:
        """The car's rule for leaving holds now (how long it must hold is the unit's ``confirm_leave``)."""
        return self.is_locked(states) or (_any_holds(self.left, states) and not self.is_present(states))

    def is_back(self, states: States) -> bool:
        """Who had left has come back: only known states say so, for not knowing is no return."""
        if self.back:
            return _any_holds(self.back, states)
        asked = {role for rule in self.left for role in rule}
        known = self.is_present(states) or all(states.get(role) not in NOT_KNOWN for role in asked)
        return known and not self.has_left(states)

    def roles(self) -> frozenset[str]:
        tables = (self.present, self.left, self.locked, self.back)
        return frozenset(role for rules in tables for rule in rules for role in rule)


def _any_holds(alternatives: Alternatives, states: States) -> bool:
    return any(all(states.get(role) == state for role, state in rule.items()) for rule in alternatives)
