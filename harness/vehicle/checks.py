"""What must agree within a car, beyond the shape of its file. Each check adds to the errors and never raises."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from harness.foundation.config import Where, suggest
from harness.foundation.errors import BadInput
from harness.foundation.units import S
from harness.vehicle import gestures, phone_call
from harness.vehicle.draft import Draft
from harness.vehicle.figures import FIGURES, TIME
from harness.vehicle.resolve import check_rule, check_state
from harness.vehicle.roles import BUTTON_KINDS, IO_LINES, PROFILES, REQUIRED, WITNESSES

Check = Callable[[Draft], None]


def required_roles(draft: Draft) -> None:
    for name in sorted(REQUIRED - set(draft.model.roles)):
        draft.wrong(("roles",), f"the role {name!r} is missing", "Add it: no behaviour can be judged without.")


def identities(draft: Draft) -> None:
    """A file is one bus, and its bus can carry its frames. A gateway's message keeps its name on both sides: that is no
    mistake, and a mode that names it means it on every bus that has it."""
    files: dict[Path, str] = {}
    for name, bus in draft.buses.items():
        if bus.path in files:
            problem = f"the same file as bus {files[bus.path]!r}"
            draft.wrong(("buses", name, "dbc"), problem, "Give each bus its own file.")
            continue
        files[bus.path] = name
        draft.errors.extend(bus.database.unsendable())
        for message in bus.database.messages.values():
            if message.fd and bus.data_bitrate is None:
                problem = f"an FD frame, but bus {name!r} has no data_bitrate"
                draft.errors.append(BadInput(bus.path, message.line, message.name, problem, "Add it in vehicle.yaml."))


def sent(draft: Draft) -> None:
    """What carries a role to the unit must be sent: in a cycle, or because it changed."""
    told = set()
    for name, role in draft.roles.items():
        kind = role.message.send_type.lower()
        by_itself = role.message.cycle is not None or any(
            word in kind for word in ("change", "write", "event", "spontan", "trigger")
        )
        place = f"{role.bus}/{role.message.name}"
        of_the_unit = name.startswith("head_unit.") or name == "network.head_unit"
        if by_itself or of_the_unit or role.event is not None or place in told:
            continue
        told.add(place)
        problem = f"{role.message.name} is sent neither in a cycle nor when it changes"
        draft.wrong(("roles", name), problem, f"Add cycles: {{{place}: 100 ms}}, with its real cycle time.")


def nodes(draft: Draft) -> None:
    known = sorted({node for bus in draft.buses.values() for node in bus.database.nodes})
    for i, node in enumerate(draft.model.head_unit_nodes):
        if node not in known:
            draft.wrong(("head_unit_nodes", i), "no such node in the DBC files", suggest(node, known))
    unit = set(draft.model.head_unit_nodes)
    for name, role in draft.roles.items():
        ours = bool(unit & set(role.message.senders))
        should = name.startswith("head_unit.") or name == "network.head_unit"
        if ours != should:
            who = ", ".join(role.message.senders) or "nobody"
            problem = f"{role.message.name} is sent by {who}"
            remedy = "The head unit must send it." if should else "A node beside the head unit must send it."
            draft.wrong(("roles", name), problem, remedy)


def modes(draft: Draft) -> None:
    names = {m.name for bus in draft.buses.values() for m in bus.database.messages.values()}
    for needed in sorted({"OFF", "ON", "SLEEP"} - set(draft.model.modes)):
        draft.wrong(("modes",), f"the mode {needed} is missing", f"Add {needed}.")
    for name, mode in draft.model.modes.items():
        for i, line in enumerate(mode.lines):
            if line not in IO_LINES:
                draft.wrong(("modes", name, "lines", i), "no such line", suggest(line, IO_LINES))
        for i, frame in enumerate(mode.frames if not isinstance(mode.frames, str) else ()):
            if frame not in names:
                draft.wrong(("modes", name, "frames", i), "no such message", suggest(frame, names))
        if mode.ignition is not None and "ignition" in draft.roles:
            check_state(draft.roles["ignition"], mode.ignition, ("modes", name, "ignition"), draft)


def diagnostics(draft: Draft) -> None:
    d = draft.model.diagnostics
    if d.bus not in draft.buses:
        draft.wrong(("diagnostics", "bus"), "no such bus", suggest(d.bus, draft.buses))
        return
    taken = {"request": d.request, "response": d.response, "functional": d.functional}
    if len(set(taken.values())) < 3:
        draft.wrong(("diagnostics",), "an address stands twice", "Give request, response and functional their own.")
    for field, address in taken.items():
        message = draft.buses[d.bus].database.messages.get((address, address > 0x7FF))
        if message is not None and message.cycle:
            problem = f"{message.name} has this id and is cyclic"
            draft.wrong(("diagnostics", field), problem, "Give diagnostics an id of its own.")


def rules(draft: Draft) -> None:
    for key in ("present", "left", "locked", "back"):
        for i, rule in enumerate(getattr(draft.model.presence, key)):
            check_rule(rule, ("presence", key, i), draft)
    for name, state in draft.model.initial.items():
        if name not in draft.roles:
            draft.wrong(("initial", name), "the car has no such role", suggest(name, draft.roles))
        else:
            check_state(draft.roles[name], state, ("initial", name), draft)


def buttons(draft: Draft) -> None:
    for context, table in draft.model.gestures.items():
        where: Where = ("gestures", context)
        if context not in gestures.CONTEXTS:
            draft.wrong(where, "no such context", suggest(context, gestures.CONTEXTS))
        for gesture, text in table.items():
            if gesture not in gestures.GESTURES:
                draft.wrong((*where, gesture), "no such gesture", suggest(gesture, gestures.GESTURES))
            wrong = gestures.misfit(text)
            if wrong:
                problem, _, remedy = wrong.partition(". ")
                draft.wrong((*where, gesture), problem, remedy)
    wheel = [name for name, role in draft.roles.items() if role.kind in BUTTON_KINDS]
    for i, name in enumerate(draft.model.priority):
        if name not in wheel:
            draft.wrong(("priority", i), "no such button", suggest(name, wheel))


def phone_calls(draft: Draft) -> None:
    for state, word in draft.model.phone_call.items():
        wrong = phone_call.misfit(state, word)
        if wrong:
            problem, _, remedy = wrong.partition(". ")
            draft.wrong(("phone_call", state), problem, remedy)


def own_limits(draft: Draft) -> None:
    """A limit names a quantity, and the unit is not built to miss it."""
    for name, limit in draft.model.limits.items():
        requirement, dot, quantity = name.partition(".")
        if not dot or not requirement or not quantity:
            draft.wrong(("limits", name), "names no quantity", "Write REQUIREMENT.quantity, such as BTN-02.long_press.")
            continue
        nominal = draft.figures.get(quantity)
        if not isinstance(nominal, int | float):
            continue
        held = limit.limit()
        number = nominal / S if FIGURES[quantity] == TIME else float(nominal)
        if held.unit != FIGURES[quantity]:
            draft.wrong(
                ("limits", name), f"is in {held.unit}, the unit's figure in {FIGURES[quantity]}", "Use one unit."
            )
            continue
        if (held.low is not None and number < held.low) or (held.high is not None and number > held.high):
            problem = f"the unit is built for {number:g} {held.unit}, outside {held.text} of {name}"
            draft.wrong(("unit", quantity), problem, "Correct the figure or the limit.")


def witnesses(draft: Draft) -> None:
    for i, name in enumerate(draft.model.witnesses):
        if name not in WITNESSES:
            draft.wrong(("witnesses", i), "no such witness", suggest(name, WITNESSES))
    for witness, key, table in (("screen", "screens", draft.model.screens), ("speaker", "sounds", draft.model.sounds)):
        if witness in draft.model.witnesses and not table:
            draft.wrong(("witnesses",), f"{witness} is a witness, but there are no {key}", f"Add {key}.")
    if "speaker" in draft.model.witnesses and draft.model.sounds and "chime" not in draft.model.sounds:
        draft.wrong(("sounds",), "the chime is missing", "Add chime: FILE.")


def profiles(draft: Draft) -> None:
    for name, points in draft.model.profiles.items():
        if name not in PROFILES:
            draft.wrong(("profiles", name), "no such profile", suggest(name, PROFILES))
        if isinstance(points, str):
            continue  # a file's own points are read, and refused, by resolve.profiles
        if any(later.after < earlier.after for earlier, later in pairwise(points)):
            draft.wrong(("profiles", name), "its points are not in the order of time", "Let 'after' rise.")


ALL: tuple[Check, ...] = (
    required_roles, identities, sent, nodes, modes, diagnostics, rules, buttons, phone_calls, own_limits, witnesses,
    profiles,
)  # fmt: skip
