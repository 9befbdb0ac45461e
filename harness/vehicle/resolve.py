"""From what a person wrote to what the bench holds: names become messages, signals and raw values.

Every function adds to the draft's errors instead of raising, so that a car's author sees all of them at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from harness.can.database import Message, Signal
from harness.can.protection import PROFILES, Protection, Protector
from harness.foundation.config import Where, suggest
from harness.vehicle.button_event import KINDS, ButtonEvent
from harness.vehicle.draft import Draft
from harness.vehicle.driving import Driving, DrivingState, ParkedRule, Restrictions
from harness.vehicle.figures import FIGURES, read_figure
from harness.vehicle.presence import Presence
from harness.vehicle.quantities import duration
from harness.vehicle.role import ASLEEP, AWAKE, Role
from harness.vehicle.roles import IO_LINES, ROLES, RoleRule
from harness.vehicle.schema import RoleModel, Scalar
from harness.vehicle.vehicle import Step


def roles(draft: Draft) -> None:
    """Fill ``draft.roles``."""
    for name, role in draft.model.roles.items():
        rule = ROLES.get(name)
        if rule is None:
            draft.wrong(("roles", name), "no such role", suggest(name, ROLES))
            continue
        made = _role(name, role, rule, draft)
        if made is not None:
            draft.roles[name] = made


def _role(name: str, role: RoleModel, rule: RoleRule, draft: Draft) -> Role | None:
    where: Where = ("roles", name)
    kind = role.kind or rule.kinds[0]
    if kind not in rule.kinds:
        draft.wrong((*where, "kind"), "not a kind of this role", suggest(kind, rule.kinds))
        return None
    field = "signal" if role.signal is not None else "message"
    place = message_at(role.signal or role.message or "", (*where, field), draft)
    if place is None:
        return None
    bus, message, signal_name = place
    event = None
    if kind == "button.event":
        event = _button_event(role, where, message, draft)
        return Role(name, kind, bus, message, message.signals.get(role.code_signal), {}, "", role.via, event)
    if signal_name is None:
        if kind != "network":
            remedy = f"Write signal: {bus}/{message.name}.SIGNAL with one of: {', '.join(message.signals)}."
            draft.wrong((*where, field), "a role without signal", remedy)
            return None
        told = {ASLEEP: 0, AWAKE: 1} if AWAKE in rule.states else {}
        return Role(name, kind, bus, message, None, told, "", role.via)
    signal = message.signals.get(signal_name)
    if signal is None:
        draft.wrong(
            (*where, field), f"{message.name} has no signal {signal_name!r}", suggest(signal_name, message.signals)
        )
        return None
    values = {
        state: raw
        for state, value in role.values.items()
        if (raw := _raw(value, (*where, "values", state), signal, draft)) is not None
    }
    _check_states(name, role, rule, values, signal, draft)
    return Role(name, kind, bus, message, signal, values, role.unit or rule.unit or "", role.via)


def _check_states(
    name: str, role: RoleModel, rule: RoleRule, values: Mapping[str, int], signal: Signal, draft: Draft
) -> None:
    missing = sorted(rule.states - set(role.values))
    if missing:
        labels = ", ".join(signal.values.values()) or f"0..{int(signal.raw_range[1])}"
        draft.wrong(
            ("roles", name),
            f"the state {missing[0]!r} has no value",
            f"Add it under values; {signal.name} knows: {labels}.",
        )
    if rule.unit and role.unit != rule.unit:
        draft.wrong(("roles", name, "unit"), f"must be in {rule.unit}", f"Write unit: {rule.unit}.")
    first: dict[int, str] = {}
    for state, raw in values.items():
        if raw in first:
            problem = f"has the same raw value {raw} as {first[raw]!r}"
            draft.wrong(("roles", name, "values", state), problem, "Give each state its own value.")
        first.setdefault(raw, state)


def _raw(value: int | str, where: Where, signal: Signal, draft: Draft) -> int | None:
    if isinstance(value, str):
        if value in signal.labels:
            return signal.labels[value]
        draft.wrong(where, f"{signal.name} has no such label", suggest(value, signal.labels))
        return None
    low, high = signal.raw_range
    if not low <= value <= high:
        draft.wrong(where, f"outside {signal.name}", f"Its {signal.length} bits carry {low} to {high}.")
        return None
    if signal.values and value not in signal.values:
        known = ", ".join(f"{raw} {label}" for raw, label in signal.values.items())
        draft.wrong(where, f"not in the value table of {signal.name}", f"It has: {known}.")
        return None
    return value


def _button_event(role: RoleModel, where: Where, message: Message, draft: Draft) -> ButtonEvent | None:
    if role.code is None:
        draft.wrong(where, "an event-type button without code", "Add code: NUMBER.")
        return None
    named = {"code_signal": role.code_signal, "kind_signal": role.kind_signal, "sequence": role.sequence}
    signals = {field: message.signals.get(name or "") for field, name in named.items()}
    for field, name in named.items():
        if name is not None and signals[field] is None:
            draft.wrong((*where, field), f"{message.name} has no signal {name!r}", suggest(name, message.signals))
    if not role.kinds:
        draft.wrong((*where, "kinds"), "an event-type button without kinds", "Add kinds: {short: 1, ...}.")
    for kind in role.kinds:
        if kind not in KINDS:
            draft.wrong((*where, "kinds", kind), "no such kind of press", suggest(kind, KINDS))
    code, kind_signal = signals["code_signal"], signals["kind_signal"]
    if code is None or kind_signal is None:
        return None
    _raw(role.code, (*where, "code"), code, draft)
    kinds = {
        kind: raw
        for kind, value in role.kinds.items()
        if (raw := _raw(value, (*where, "kinds", kind), kind_signal, draft)) is not None
    }
    return ButtonEvent(message, role.code, code, kind_signal, kinds, signals["sequence"], role.repeat)


def message_at(text: str, where: Where, draft: Draft) -> tuple[str, Message, str | None] | None:
    """ "body/BCM_Seats.DrvOccupied" -> bus name, message, signal name (not looked up yet) or None."""
    bus_name, slash, rest = text.partition("/")
    message_name, _, signal_name = rest.partition(".")
    if not slash:
        draft.wrong(where, "names no bus", f"Write BUS/{text}; buses: {', '.join(draft.buses)}.")
        return None
    if bus_name not in draft.buses:
        draft.wrong(where, f"no bus {bus_name!r}", suggest(bus_name, draft.buses))
        return None
    names = draft.buses[bus_name].database.names
    if message_name not in names:
        problem = f"{draft.buses[bus_name].path.name} has no message {message_name!r}"
        draft.wrong(where, problem, suggest(message_name, names))
        return None
    return bus_name, names[message_name], signal_name or None


def events(draft: Draft) -> dict[str, tuple[Step, ...]]:
    found: dict[str, tuple[Step, ...]] = {}
    for name, steps in draft.model.events.items():
        made = [_step(step, ("events", name, i), draft) for i, step in enumerate(steps)]
        marks = [i for i, step in enumerate(steps) if "mark" in step]
        if len(marks) != 1:
            problem = f"{len(marks)} marked steps" if marks else "no marked step"
            draft.wrong(("events", name), problem, "Give exactly one step a mark: judging counts from it.")
        found[name] = tuple(step for step in made if step is not None)
    return found


def _step(step: Mapping[str, Scalar], where: Where, draft: Draft) -> Step | None:
    mark = step.get("mark")
    actions = [(what, value) for what, value in step.items() if what != "mark"]
    if len(actions) != 1:
        draft.wrong(where, "a step does one thing", "Write {role: state}, {line: on} or {wait: 500 ms}.")
        return None
    what, value = actions[0]
    if what == "wait":
        try:
            return Step(what, duration(value), None if mark is None else str(mark))
        except ValueError as why:
            draft.refused((*where, what), why)
            return None
    if what in IO_LINES:
        if value not in ("on", "off"):
            draft.wrong((*where, what), "a line is on or off", "Write on or off.")
    elif what not in draft.roles:
        problem = "the car has no such role" if what in ROLES else "no such role or line"
        draft.wrong((*where, what), problem, suggest(what, (*draft.roles, *IO_LINES, "wait")))
    else:
        check_state(draft.roles[what], value, (*where, what), draft)
    return Step(what, value, None if mark is None else str(mark))


def check_state(role: Role, value: Scalar, where: Where, draft: Draft) -> None:
    """Whether ``value`` is a state, or a physical number, that ``role`` can carry."""
    if isinstance(value, str):
        if value not in role.values:
            draft.wrong(where, f"{role.name} has no such state", suggest(value, role.values))
        return
    if role.kind != "number" or role.signal is None:
        draft.wrong(where, f"{role.name} has states, not numbers", suggest(str(value), role.values))
        return
    try:
        role.signal.to_raw(value)
    except ValueError as why:
        draft.wrong(where, str(why), "Write a value the signal carries.")


def protection(draft: Draft) -> dict[tuple[str, str], Protection]:
    found: dict[tuple[str, str], Protection] = {}
    for text, given in draft.model.protection.items():
        where = ("protection", text)
        if given.profile not in PROFILES:
            draft.wrong((*where, "profile"), "no such profile", suggest(given.profile, PROFILES))
            continue
        place = message_at(text, where, draft)
        if place is None:
            continue
        bus, message, _ = place
        named = [field for field in ("counter", "checksum") if getattr(given, field)]
        missing = [field for field in named if getattr(given, field) not in message.signals]
        for field in missing:
            name = getattr(given, field)
            problem = f"{message.name} has no signal {name!r}"
            draft.wrong((*where, field), problem, suggest(name, message.signals))
        if missing:
            continue
        made = Protection(
            given.profile, given.data_id, given.data_id_mode, given.counter, given.checksum, given.max_delta
        )
        try:
            Protector(message, made)
        except ValueError as why:
            sizes = [f"{getattr(given, f)} is {message.signals[getattr(given, f)].length} bits" for f in named]
            remedy = f"{', '.join(sizes)}." if sizes else "Name a counter, a checksum, or both."
            draft.wrong(where, str(why), remedy)
            continue
        found[(bus, message.name)] = made
    return found


def schedules(draft: Draft) -> dict[tuple[str, str], tuple[int, ...]]:
    """In which order the pages of a multiplexed message are sent; a role in one of them comes at even distances."""
    found: dict[tuple[str, str], tuple[int, ...]] = {}
    for text, pages in draft.model.schedules.items():
        where: Where = ("schedules", text)
        place = message_at(text, where, draft)
        if place is None:
            continue
        bus, message, _ = place
        if len(message.tree.branches) != 1:
            draft.wrong(where, f"{message.name} has {len(message.tree.branches)} multiplexers", "It must have one.")
            continue
        ids = message.tree.branches[0][1]
        for i, page in enumerate(pages):
            if page not in ids:
                draft.wrong((*where, i), "selects nothing", f"Its pages are {', '.join(map(str, sorted(ids)))}.")
        if not pages:
            draft.wrong(where, "an empty schedule", "List the pages in the order in which they are sent.")
        found[(bus, message.name)] = tuple(pages)
    for name, role in draft.roles.items():
        mux = None if role.signal is None else role.signal.mux
        if mux is None or draft.unit_sends(role.message):
            continue
        schedule = found.get((role.bus, role.message.name), ())
        at = [i for i, page in enumerate(schedule) if page in mux[1]]
        if not at:
            remedy = f"Add its page to schedules: {role.bus}/{role.message.name}: [...]."
            draft.wrong(("roles", name), "its page is never sent", remedy)
        elif len({(b - a) % len(schedule) for a, b in zip(at, [*at[1:], at[0]], strict=True)}) > 1:
            where = ("schedules", f"{role.bus}/{role.message.name}")
            draft.wrong(where, f"the page of {name} does not come at even distances", "Space it evenly.")
    return found


def driving(draft: Draft) -> Driving:
    rules = []
    for i, alternative in enumerate(draft.model.driving.parked):
        states = {role: state for role, state in alternative.items() if role != "standstill"}
        where: Where = ("driving", "parked", i)
        standstill = 0
        if "standstill" in alternative:
            try:
                standstill = duration(alternative["standstill"])
            except ValueError as why:
                draft.refused((*where, "standstill"), why)
        check_rule(states, where, draft)
        rules.append(ParkedRule(states, standstill))
    t = draft.model.driving.thresholds
    restrictions = {
        DrivingState(state): Restrictions(**given.model_dump())
        for state, given in draft.model.driving.restrictions.items()
    }
    return Driving(tuple(rules), (t.standstill, t.slow, t.fast), restrictions)


def check_rule(rule: Mapping[str, str], where: Where, draft: Draft) -> None:
    for role, state in rule.items():
        if role not in draft.roles:
            draft.wrong((*where, role), "the car has no such role", suggest(role, draft.roles))
        else:
            check_state(draft.roles[role], state, (*where, role), draft)


def presence(draft: Draft) -> Presence:
    p = draft.model.presence
    return Presence(tuple(map(dict, p.present)), tuple(map(dict, p.left)), tuple(map(dict, p.locked)),
                    tuple(map(dict, p.back)))  # fmt: skip


def figures(draft: Draft) -> dict[str, int | float | str]:
    found: dict[str, int | float | str] = {}
    for name, value in draft.model.unit.items():
        if name not in FIGURES:
            draft.wrong(("unit", name), "no such figure", suggest(name, FIGURES))
            continue
        try:
            found[name] = read_figure(name, value)
        except ValueError as why:
            draft.refused(("unit", name), why)
    return found


def files(key: str, named: Mapping[str, str], draft: Draft) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for name, text in named.items():
        path = draft.folder / text
        if not path.is_file():
            near = [str(p.relative_to(draft.folder)) for p in path.parent.glob("*")] if path.parent.is_dir() else []
            remedy = suggest(text, near) if near else f"Make the file {text}, or remove the entry."
            draft.wrong((key, name), "no such file", remedy)
        found[name] = path
    return found
