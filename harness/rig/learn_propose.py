"""Lines for a car's profile, from what reacted: vehicle.yaml roles, and DBC messages where there is no database.

Only what was seen is written; what cannot be seen from outside (which of two states is which, the value for "invalid",
a data id) is marked with a question mark in a comment. Nothing is proposed where the profile has a role already.
"""

from __future__ import annotations

from harness.can.reactions import FieldReaction, MessageReaction
from harness.can.traits import Field, Traits
from harness.rig.learn import Learned, Reaction
from harness.vehicle.roles import BUTTON_KINDS, ROLES


def proposals(learned: Learned) -> list[str]:
    """The lines, vehicle.yaml first. Empty when nothing reacted on a bus, or the profile has it all."""
    on_bus = [r for r in learned.reactions if r.source is not None]
    first = next((r for r in on_bus if not r.from_unit), None)
    roles: list[str] = []
    messages: dict[str, list[str]] = {}
    protection: dict[str, str] = {}
    for reaction in on_bus:
        if reaction.role:
            continue
        if reaction is first:
            roles += _role(reaction, learned.about)
        else:
            roles.append(f"  # {_place(reaction)} answers the action ({reaction.what}): head_unit.app?")
        if not reaction.name:
            _dbc(reaction, messages)
            _protect(reaction, protection)
    lines = ["# vehicle.yaml", "roles:", *roles] if roles else []
    if protection:
        lines += ["protection:", *protection.values()]
    if messages:
        lines += ["", "# DBC"]
        for message in messages.values():
            lines += message
    return lines


def _role(reaction: Reaction, about: str) -> list[str]:
    source, fit = reaction.source, reaction.association
    kind = ROLES[about].kinds if about in ROLES else BUTTON_KINDS
    name = about or "wheel.?"
    if isinstance(source, MessageReaction):
        code = next((b for n, b in enumerate(source.data) if b and n not in source.varies), 0)
        at = next((n for n, b in enumerate(source.data) if b and n not in source.varies), None)
        seen = f"code is byte {at} of every first frame" if at is not None else "no byte is the same each time"
        least, most = source.frames
        return [
            f"  {name}: {{kind: button.event, message: {_place(reaction)}, code: {code}, repeat: {most}}}",
            f"  # ? {seen}; the signals of code, kind of press and sequence are not known"
            + (f"; {least} to {most} frames were seen" if least != most else ""),
        ]
    assert isinstance(source, FieldReaction)
    if kind == BUTTON_KINDS and fit.back == "within":
        values = f"{{pressed: {source.during}, released: {source.before}}}"
        return [
            f"  {name}: {{kind: button.level, signal: {_place(reaction)}, values: {values}}}",
            "  # ? the value for 'invalid' was not seen" + ("" if about else "; which button it is"),
        ]
    states = sorted(ROLES[about].states) if about in ROLES else []
    back = {"within": "back with the action", "later": "back later", "stays": "it stays"}[fit.back]
    values, named = f"{{after: {source.during}, before: {source.before}}}", f" ({', '.join(states)})" if states else ""
    return [
        f"  {about or 'ROLE?'}: {{signal: {_place(reaction)}, values: {values}}}",
        f"  # ? name the states{named}; {back}" + ("; it toggles with each action" if fit.way == "toggles" else ""),
    ]


def _place(reaction: Reaction) -> str:
    if reaction.name:
        return f"{reaction.bus}/{reaction.name}"
    source = reaction.source
    assert source is not None
    place = f"{reaction.bus}/{_message_name(reaction)}"
    return f"{place}.{_signal_name(source.field)}" if isinstance(source, FieldReaction) else place


def _message_name(reaction: Reaction) -> str:
    assert reaction.source is not None
    number, extended = reaction.source.key
    return f"X{number:X}{'x' if extended else ''}"


def _signal_name(field: Field, prefix: str = "") -> str:
    last = f"_{field.low + field.width - 1}" if field.width > 1 else ""
    return f"{prefix}B{field.byte}_{field.low}{last}"


def _signal(field: Field, prefix: str = "", comment: str = "") -> str:
    start = field.byte * 8 + field.low
    top = (1 << field.width) - 1
    return f' SG_ {_signal_name(field, prefix)} : {start}|{field.width}@1+ (1,0) [0|{top}] "" Vector__XXX{comment}'


def _dbc(reaction: Reaction, messages: dict[str, list[str]]) -> None:
    source, name = reaction.source, _message_name(reaction)
    assert source is not None
    if name not in messages:
        data = source.data[0] if isinstance(source, FieldReaction) else source.data
        number = source.key[0] | (0x8000_0000 if source.key[1] else 0)
        lines = [f"BO_ {number} {name}: {len(data)} Vector__XXX"]
        traits: Traits | None = reaction.traits
        if traits is not None:
            lines += [_signal(counter, "Counter_") for counter in traits.counters]
            if traits.checksum:
                lines.append(_signal(Field(traits.checksum[0], 0, 8), "Checksum_"))
        messages[name] = lines
    if isinstance(source, FieldReaction):
        messages[name].append(_signal(source.field))


def _protect(reaction: Reaction, protection: dict[str, str]) -> None:
    traits, name = reaction.traits, f"{reaction.bus}/{_message_name(reaction)}"
    if traits is None or name in protection or not traits.checksum or not traits.counters:
        return
    counter = _signal_name(traits.counters[0], "Counter_")
    checksum = _signal_name(Field(traits.checksum[0], 0, 8), "Checksum_")
    protection[name] = (
        f"  # {name}: {{profile: ?, data_id: ?, counter: {counter}, checksum: {checksum}, max_delta: ?}}"
        f"  # {traits.checksum[1]}; the data id cannot be seen from outside"
    )
