"""What reacts to an action, in all that was recorded, and what that says about the car's profile.

Theory. The rooms find what reacts (can, audio and screen reactions); here it is put in one order, named by the car's
database where there is one, and held against the profile: does the role that the action is about react, and does it
say what was done? Whatever reacts first is the action itself; what follows answers it. What is claimed must be more
than chance among all that was looked at (foundation.association); what merely may react is told as a suspect.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from harness.audio.reactions import reactions as sound_reactions
from harness.audio.reactions import segments
from harness.can.database import Message, Signal
from harness.can.reactions import BusReactions, FieldReaction, MessageReaction
from harness.can.reactions import reactions as bus_reactions
from harness.can.traits import Traits
from harness.foundation.association import CONSISTENT, SETTLE, Association, effective
from harness.foundation.errors import BadInput
from harness.foundation.units import Ns
from harness.rig.learn_folder import Recording
from harness.screen.reactions import COLUMNS, ROWS
from harness.screen.reactions import reactions as screen_reactions
from harness.vehicle.role import Role
from harness.vehicle.roles import ROLES
from harness.vehicle.vehicle import Vehicle

MOST_OF_IT = 0.7
"""When the action takes more of the recording than this, there is nothing to compare it with."""
_WORD = re.compile(r"[a-z]+")
_NO_CLUE = {"the", "a", "an", "button", "press", "presses", "of", "and", "on", "to", "is", "what", "s", "who"}

_WHICH = {"driver", "passenger", "up", "down"}


@dataclass(frozen=True)
class Reaction:
    """One thing that reacts. ``kind``: bits, message, sound or screen. ``where`` and ``what`` are for people; ``name``
    is the database's, "" where it has none; ``role`` the profile's role that lies there.
    """

    kind: str
    where: str
    name: str
    what: str
    role: str
    from_unit: bool
    association: Association
    claimed: bool
    bus: str = ""
    source: FieldReaction | MessageReaction | None = None
    traits: Traits | None = None


@dataclass(frozen=True)
class Learned:
    """``reactions`` are claimed, best first, ``suspects`` are not; ``aside`` says what never rests and was left out.
    ``about`` is the role the action is about, "" when it cannot be told; ``check`` the finding on it.
    """

    action: str
    repetitions: int
    reactions: tuple[Reaction, ...]
    suspects: tuple[Reaction, ...]
    aside: tuple[str, ...]
    about: str
    check: str
    agrees: bool | None
    """Whether the profile's role reacted; None where there is nothing to say."""
    witnesses: tuple[tuple[str, str], ...]
    """(witness, what it did): reacted, did not react, missing, not recorded."""


def learn(recording: Recording, vehicle: Vehicle | None, role: str = "", settle: Ns = SETTLE) -> Learned:
    """Find what reacts. ``vehicle`` None: nothing is known of the car. ``role``: the one the action is about (default:
    guessed from the action's words). BadInput when the recording has no stretch without the action.
    """
    windows, span = recording.windows, recording.span
    wide = effective(windows, span, settle)
    outside = [w for w in windows if not span[0] <= w[0] <= span[1]]
    if outside:
        raise BadInput("marks", None, f"{outside[0][0] / 1e9:g} s", "lies outside the recording", _TIME_LINE)
    if sum(end - begin for begin, end in wide) > MOST_OF_IT * (span[1] - span[0]):
        problem = "the action takes nearly all of the recording: there is nothing to compare it with"
        raise BadInput("marks", None, "", problem, "Wait some seconds before, between and after the repetitions.")
    found: list[Reaction] = []
    aside: list[str] = []
    for bus, heard in recording.buses.items():
        result = bus_reactions(heard, windows, span, settle)
        found += _of_bus(bus, result, vehicle)
        aside += _aside(bus, result, vehicle)
    by_name = {line: segments(s.samples, s.rate, s.start) for line, s in recording.sounds.items()}
    by_line = [sound_reactions(line, found_there, windows, span, settle) for line, found_there in by_name.items()]
    sorts = sum(count for _, count in by_line)
    for own in (one for sounds, _ in by_line for one in sounds):
        what = f"a sound of {own.seconds:.2f} s, {own.level:.0f} dBov, around {own.pitch:.0f} Hz"
        found.append(Reaction("sound", own.line, "", what, "", True, own.association, own.association.claimed(sorts)))
    areas, tiles = screen_reactions(recording.pictures, windows, span, settle)
    for area in areas:
        where = f"screen, x {area.left:.2f}..{area.right:.2f}, y {area.top:.2f}..{area.bottom:.2f}"
        what = f"{area.tiles} of {COLUMNS * ROWS} tiles of the picture change"
        claimed = area.association.claimed(tiles)
        found.append(Reaction("screen", where, "", what, "", True, area.association, claimed))
    found.sort(key=lambda r: r.association.order)
    claimed_ones = tuple(r for r in found if r.claimed)
    suspects = tuple(r for r in found if not r.claimed and _suspect(r.association))
    about = role or guess_role(recording.action)
    check, agrees = _check(about, claimed_ones, recording, vehicle)
    witnesses = _witnesses(claimed_ones, recording, vehicle)
    return Learned(
        recording.action, len(windows), claimed_ones, suspects, tuple(aside), about, check, agrees, witnesses
    )


_TIME_LINE = "Marks are on the recording's own time line; give them in its seconds."


def _suspect(fit: Association) -> bool:
    """In nearly every repetition, and not more often without it: worth another look."""
    return fit.hits >= max(2, CONSISTENT * len(fit.delays)) and fit.outside <= fit.hits


def guess_role(action: str) -> str:
    """The role whose name and description share most words with ``action``; "" when none does, or several alike."""
    words = set(_WORD.findall(action.lower())) - _NO_CLUE
    scores: dict[str, int] = {}
    for name, rule in ROLES.items():
        if name.startswith(("head_unit.", "cluster.", "amplifier.", "network.")):
            continue  # these answer an action, nobody performs them
        named, about = set(_WORD.findall(name)), set(_WORD.findall(rule.about.lower())) - _NO_CLUE
        met = words & (named | about)
        if met - _WHICH:  # "driver" alone says who acts, and with "door" which one
            scores[name] = 2 * len(words & named) + len(words & about)
    if not scores:
        return ""
    best = max(scores.values())
    leaders = [name for name, score in scores.items() if score == best]
    return leaders[0] if len(leaders) == 1 else ""


def show_key(key: tuple[int, bool]) -> str:
    """ "0x1A0", "0x18FEF100x" where it is extended."""
    return f"0x{key[0]:X}{'x' if key[1] else ''}"


def _of_bus(bus: str, result: BusReactions, vehicle: Vehicle | None) -> list[Reaction]:
    found = []
    seen: set[str] = set()
    for message in result.messages:
        known = _message(vehicle, bus, message.key)
        least, most = message.frames
        frames = f"{least}" if least == most else f"{least}..{most}"
        what = f"comes with the action, {frames} frame{'s' if most != 1 else ''}, {message.data.hex().upper()}"
        name = known.name if known else ""
        role = next((r.name for r in _roles(vehicle, bus, known) if r.signal is None), "")
        where = f"{bus} {show_key(message.key)}"
        fit = message.association
        found.append(
            Reaction("message", where, name, what, role, _unit(vehicle, known), fit, fit.claimed(result.candidates),
                     bus, message, result.traits[message.key])
        )  # fmt: skip
    for one in result.fields:
        known = _message(vehicle, bus, one.key)
        signal = signal_at(known, one.field.bits) if known else None
        name = f"{known.name}.{signal.name}" if known and signal else known.name if known else ""
        if signal is not None and name in seen:
            continue  # more bits of a signal that was told already
        seen.add(name)
        role_there = next((r for r in _roles(vehicle, bus, known) if r.signal is signal and signal is not None), None)
        what = _change(one, known, signal, role_there)
        where = f"{bus} {show_key(one.key)} {one.field}"
        fit = one.association
        role = role_there.name if role_there else ""
        found.append(
            Reaction("bits", where, name, what, role, _unit(vehicle, known), fit, fit.claimed(result.candidates),
                     bus, one, result.traits[one.key])
        )  # fmt: skip
    return found


def _change(one: FieldReaction, known: Message | None, signal: Signal | None, role: Role | None) -> str:
    if role is not None and known is not None:
        before, during = (role.read(data) for data in one.data)
        if before is not None and during is not None and before != during:
            return f"{before} -> {during}"
    if signal is not None and all(len(data) >= (known.length if known else 0) for data in one.data):
        before_raw, during_raw = (signal.read_raw(data) for data in one.data)
        names = [signal.values.get(int(raw), f"{raw:g}") for raw in (before_raw, during_raw)]
        return f"{names[0]} -> {names[1]}"
    return f"{one.before} -> {one.during}"


def _message(vehicle: Vehicle | None, bus: str, key: tuple[int, bool]) -> Message | None:
    if vehicle is None or bus not in vehicle.buses:
        return None
    return vehicle.buses[bus].database.messages.get(key)


def _roles(vehicle: Vehicle | None, bus: str, message: Message | None) -> list[Role]:
    if vehicle is None or message is None:
        return []
    return [r for r in vehicle.roles.values() if r.bus == bus and r.message is message]


def _unit(vehicle: Vehicle | None, message: Message | None) -> bool:
    return bool(vehicle and message and set(message.senders) & vehicle.head_unit_nodes)


def signal_at(message: Message, bits: Sequence[int]) -> Signal | None:
    """The signal that the bits belong to; None when they belong to none."""
    for signal in message.signals.values():
        if signal.float:
            continue
        data = bytearray(message.length)
        signal.write_raw(data, -1 if signal.signed else (1 << signal.length) - 1)
        mask = int.from_bytes(data, "little")
        if any(mask >> bit & 1 for bit in bits):
            return signal
    return None


def _aside(bus: str, result: BusReactions, vehicle: Vehicle | None) -> list[str]:
    lines = []
    for key, known in sorted(result.traits.items()):
        said = [f"counter {field}" for field in known.counters]
        if known.checksum:
            said.append(f"checksum byte {known.checksum[0]} ({known.checksum[1]})")
        if known.busy:
            said.append(f"{len(known.busy)} bit{'s' if len(known.busy) != 1 else ''} that change in nearly every frame")
        if said:
            message = _message(vehicle, bus, key)
            lines.append(f"{bus} {show_key(key)}{f' {message.name}' if message else ''}: {', '.join(said)}")
    return lines


def _check(
    about: str, claimed: Sequence[Reaction], recording: Recording, vehicle: Vehicle | None
) -> tuple[str, bool | None]:
    if vehicle is None:
        return "nothing is known of this car: see the lines proposed for its profile", None
    if not about:
        return "which role the action is about cannot be told from its words; name it with --role", None
    role = vehicle.roles.get(about)
    if role is None:
        return f"the profile has no role {about}: see the lines proposed for it", None
    own = next((r for r in claimed if r.role == about), None)
    if own is not None:
        hits = f"{own.association.hits} of {len(recording.windows)}"
        return f"the profile's {about} ({role.place}) reacts, {hits}: {own.what}", True
    if role.bus not in recording.buses:
        return f"the profile's {about} ({role.place}) cannot be checked: bus {role.bus} was not recorded", None
    first = next((r for r in claimed if r.kind in ("bits", "message")), None)
    instead = f"; first to react is {first.where} {first.name}".rstrip() if first else "; nothing on any bus does"
    return f"the profile's {about} ({role.place}) does not react{instead}", False


def _witnesses(
    claimed: Sequence[Reaction], recording: Recording, vehicle: Vehicle | None
) -> tuple[tuple[str, str], ...]:
    """Who can judge what the unit did upon the action."""
    told: list[tuple[str, str]] = []
    for name in ("head_unit.app", "head_unit.view", "head_unit.audio"):
        role = vehicle.roles.get(name) if vehicle else None
        if role is None:
            if name == "head_unit.app":
                told.append((f"{name} on CAN", "missing: no frame is known that carries it"))
            continue
        own = next((r for r in claimed if r.role == name), None)
        if role.bus not in recording.buses:
            told.append((f"{name} on CAN", "not recorded"))
        else:
            told.append((f"{name} on CAN", f"reacted: {own.what}" if own else "did not react"))
    sounds = [r for r in claimed if r.kind == "sound"]
    pictures = [r for r in claimed if r.kind == "screen"]
    told.append(("speaker", _did([r.where for r in sounds], bool(recording.sounds))))
    told.append(("screen", _did([r.what for r in pictures[:1]], bool(recording.pictures))))
    return tuple(told)


def _did(where: Sequence[str], recorded: bool) -> str:
    if where:
        return f"reacted: {', '.join(where)}"
    return "did not react" if recorded else "not recorded, or silent"
