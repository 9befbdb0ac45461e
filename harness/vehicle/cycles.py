"""Cycle times that a database does not give.

Theory. Many files say what a message means and not how often it comes: whoever found it out by looking never wrote
GenMsgCycleTime. Without a cycle the rest-bus sends nothing, and no time that counts frames can be judged. So a car may
say it beside its database, where it stays visible whose figure it is; a cycle that the database gives wins over none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.can.database import Database
from harness.foundation.config import suggest
from harness.foundation.units import Ns

if TYPE_CHECKING:
    from harness.vehicle.draft import Draft


def with_cycles(database: Database, cycles: Mapping[str, Ns]) -> Database:
    """``database`` with the cycle times of ``cycles`` (message name -> ns). KeyError for a message it does not have;
    ValueError, "problem. Remedy", for one whose cycle the database gives, or a time that is none."""
    names = dict(database.names)
    for name, cycle in cycles.items():
        message = names[name]
        if message.cycle is not None and message.cycle != cycle:
            raise ValueError(f"the database gives {message.cycle // 1_000_000} ms. Remove the line")
        if cycle <= 0:
            raise ValueError("a cycle is longer than nothing. Write it such as '100 ms'")
        names[name] = replace(message, cycle=cycle)
    return Database(database.path, {m.key: m for m in names.values()}, database.nodes, names)


def resolve_cycles(draft: Draft) -> None:
    """Give the buses of ``draft`` the cycle times that its file adds; what is wrong with them is told with its line."""
    for text, cycle in draft.model.cycles.items():
        where = ("cycles", text)
        name, slash, message = text.partition("/")
        if not slash or name not in draft.buses:
            if name in draft.model.buses:
                continue  # its database could not be read, which is told
            draft.wrong(where, f"no bus {name!r}", f"Write BUS/Message. {suggest(name, draft.model.buses)}")
            continue
        bus = draft.buses[name]
        try:
            draft.buses[name] = replace(bus, database=with_cycles(bus.database, {message: cycle}))
        except KeyError:
            draft.wrong(where, f"{bus.path.name} has no message {message!r}", suggest(message, bus.database.names))
        except ValueError as why:
            draft.refused(where, why)
