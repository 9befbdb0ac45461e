"""CAN databases: a DBC file read once, with code made for each message.

``load_dbc`` parses with cantools and then leaves it: what the bench holds are frozen values and generated functions.
A message is found by (id, extended): an extended id that would fit into 11 bits is another message.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.can.dbc import parse_messages
from harness.can.message import Message
from harness.can.port import Frame
from harness.can.signal import Raw, Signal, Value
from harness.can.timing import FD_LENGTHS
from harness.foundation.errors import BadInput

__all__ = ["Database", "Message", "Raw", "Signal", "Undecodable", "Value", "load_dbc"]


@dataclass(frozen=True, slots=True)
class Undecodable:
    """A frame that the database cannot read, and why. It is counted, never raised."""

    reason: str


@dataclass(frozen=True, eq=False, slots=True)
class Database:
    """All messages of one DBC file, by (id, extended)."""

    path: Path
    messages: dict[tuple[int, bool], Message]
    nodes: tuple[str, ...]
    names: dict[str, Message]

    def by_name(self, name: str) -> Message:
        """The message called ``name``; KeyError when there is none."""
        return self.names[name]

    def unsendable(self) -> list[BadInput]:
        """The messages that are no single CAN frame: they can be read, and no rest-bus can send them."""
        found = []
        for message in self.messages.values():
            if message.length > 8 and message.length not in FD_LENGTHS:
                longer = min((n for n in FD_LENGTHS if n > message.length), default=None)
                remedy = f"Write {longer} bytes: a longer frame is filled up" if longer else "It is of another protocol"
                problem = f"a CAN frame cannot have {message.length} bytes"
                found.append(BadInput(self.path, message.line, message.name, problem, f"{remedy}, or take it out."))
        return found

    def decode_frame(self, frame: Frame) -> dict[str, Raw] | Undecodable:
        """Physical values of ``frame`` by signal name. Never raises because of what the frame holds."""
        message = self.messages.get((frame.id, frame.extended))
        if message is None:
            return Undecodable(f"no message 0x{frame.id:X}{' (extended)' if frame.extended else ''}")
        try:
            return message.decode(frame.data)
        except ValueError as why:
            return Undecodable(str(why))


def load_dbc(path: Path) -> Database:
    """Read a DBC file. BadInput, with file, line, value and remedy, for whatever is wrong with it."""
    nodes, messages = parse_messages(path)
    return Database(path, {m.key: m for m in messages}, nodes, {m.name: m for m in messages})
