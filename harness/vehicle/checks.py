"""What must agree within a car, beyond the shape of its file. Each check adds to the errors and never raises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from harness.foundation.config import Located, suggest
from harness.foundation.errors import BadInput
from harness.foundation.units import S
from harness.vehicle import gestures
from harness.vehicle.figures import FIGURES, figure_misfit
from harness.vehicle.resolve import check_rule, check_state
from harness.vehicle.role import Role
from harness.vehicle.roles import BUTTON_KINDS, IO_LINES, REQUIRED, WITNESSES
from harness.vehicle.schema import VehicleModel
from harness.vehicle.vehicle import Bus

Errors = list[BadInput]
Check = Callable[[VehicleModel, Located, Mapping[str, Bus], Mapping[str, Role], Errors], None]
Where = tuple[str | int, ...]


def required_roles(
    model: VehicleModel, at: Located, buses: Mapping[str, Bus], roles: Mapping[str, Role], errors: Errors
) -> None:
    for name in sorted(REQUIRED - set(model.roles)):
        errors.append(at.error(("roles",), f"the role {name!r} is missing", "Add it: no behaviour can be judged without."))


def identities(
    model: VehicleModel, at: Located, buses: Mapping[str, Bus], roles: Mapping[str, Role], errors: Errors
) -> None:
    """A message name or a file on two buses cannot be told apart in modes and reports."""
    named: dict[str, tuple[str, Path]] = {}
    files: dict[Path, str] = {}
    for name, bus in buses.items():
        if bus.path in files:
            problem = f"the same file as bus {files[bus.path]!r}"
            errors.append(at.error(("buses", name, "dbc"), problem, "Give each bus its own file."))
            continue
        files[bus.path] = name
        for message in bus.database.messages.values():
            if message.name in named:
                other, path = named[message.name]
                problem = f"bus {other!r} ({path.name}) has a message of that name too"
                errors.append(BadInput(bus.path, message.line, message.name, problem, "Give one of them another name."))
            named.setdefault(message.name, (name, bus.path))
            if message.fd and bus.data_bitrate is None:
                problem = f"an FD frame, but bus {name!r} has no data_bitrate"
                errors.append(BadInput(bus.path, message.line, message.name, problem, "Add it in vehicle.yaml."))


def nodes(
    model: VehicleModel, at: Located, buses: Mapping[str, Bus], roles: Mapping[str, Role], errors: Errors
) -> None:
    known = sorted({node for bus in buses.values() for node in bus.database.nodes})
    for i, node in enumerate(model.head_unit_nodes):
        if node not in known:
            errors.append(at.error(("head_unit_nodes", i), "no such node in the DBC files", suggest(node, known)))
    unit = set(model.head_unit_nodes)
    for name, role in roles.items():
        ours = bool(unit & set(role.message.senders))
        should = name.startswith("head_unit.") or name == "network.head_unit"
        if ours != should:
            who = ", ".join(role.message.senders) or "nobody"
            problem = f"{role.message.name} is sent by {who}"
            remedy = "The head unit must send it." if should else "A node beside the head unit must send it."
            errors.append(at.error(("roles", name), problem, remedy))


def modes(
    model: VehicleModel, at: Located, buses: Mapping[str, Bus], roles: Mapping[str, Role], errors: Errors
) -> None:
    names = {m.name for bus in buses.values() for m in bus.database.messages.values()}
    for needed in sorted({"OFF", "ACC", "ON", "CRANK", "SLEEP"} - set(model.modes)):
        errors.append(at.error(("modes",), f"the mode {needed} is missing", f"Add {needed}."))
    for name, mode in model.modes.items():
        for i, line in enumerate(mode.lines):
            if line not in IO_LINES:
                errors.append(at.error(("modes", name, "lines", i), "no such line", suggest(line, IO_LINES)))
        for i, frame in enumerate(mode.frames if not isinstance(mode.frames, str) else ()):
            if frame not in names:
                errors.append(at.error(("modes", name, "frames", i), "no such message", suggest(frame, names)))
        if mode.ignition is not None and "ignition" in roles:
            check_state(roles["ignition"], mode.ignition, ("modes", name, "ignition"), at, errors)


def diagnostics(
    model: VehicleModel, at: Located, buses: Mapping[str, Bus], roles: Mapping[str, Role], errors: Errors
) -> None:
    d = model.diagnostics
    if d.bus not in buses:
        errors.append(at.error(("diagnostics", "bus"), "no such bus", suggest(d.bus, buses)))
        return
    taken = {"request": d.request, "response": d.response, "functional": d.functional}
    if len(set(taken.values())) < 3:
        errors.append(at.error(("diagnostics",), "an address stands twice", "Give request, response and functional their own."))
    for field, address in taken.items():
        message = buses[d.bus].database.messages.get((address, False))
        if message is not None and message.cycle:
            problem = f"{message.name} has this id and is cyclic"
            errors.append(at.error(("diagnostics", field), problem, "Give diagnostics an id of its own."))


def rules(
    model: VehicleModel, at: Located, buses: Mapping[str, Bus], roles: Mapping[str, Role], errors: Errors
) -> None:
    for key in ("present", "left", "locked"):
        for i, rule in enumerate(getattr(model.presence, key)):
            check_rule(rule, ("presence", key, i), at, roles, errors)
    for name, state in model.initial.items():
        if name not in roles:
            errors.append(at.error(("initial", name), "the car has no such role", suggest(name, roles)))
        else:
            check_state(roles[name], state, ("initial", name), at, errors)


def buttons(
    model: VehicleModel, at: Located, buses: Mapping[str, Bus], roles: Mapping[str, Role], errors: Errors
) -> None:
    for context, table in model.gestures.items():
        where: Where = ("gestures", context)
        if context not in gestures.CONTEXTS:
            errors.append(at.error(where, "no such context", suggest(context, gestures.CONTEXTS)))
        for gesture, text in table.items():
            if gesture not in gestures.GESTURES:
                errors.append(at.error((*where, gesture), "no such gesture", suggest(gesture, gestures.GESTURES)))
            wrong = gestures.misfit(text)
            if wrong:
                problem, _, remedy = wrong.partition(". ")
                errors.append(at.error((*where, gesture), problem, remedy))
    wheel = [name for name, role in roles.items() if role.kind in BUTTON_KINDS]
    for i, name in enumerate(model.priority):
        if name not in wheel:
            errors.append(at.error(("priority", i), "no such button", suggest(name, wheel)))


def figures(
    model: VehicleModel, at: Located, buses: Mapping[str, Bus], roles: Mapping[str, Role], errors: Errors
) -> None:
    for name, value in model.unit.items():
        if name not in FIGURES:
            errors.append(at.error(("unit", name), "no such figure", suggest(name, FIGURES)))
            continue
        wrong = figure_misfit(name, value)
        if wrong:
            errors.append(at.error(("unit", name), wrong, f"Write it in {FIGURES[name]}."))
    for name, limit in model.limits.items():
        requirement, dot, quantity = name.partition(".")
        if not dot or not requirement or not quantity:
            errors.append(at.error(("limits", name), "names no quantity", "Write REQUIREMENT.quantity, such as BTN-02.long_press."))
            continue
        nominal = model.unit.get(quantity)
        if FIGURES.get(quantity) is None or not isinstance(nominal, int | float):
            continue
        held = limit.limit()
        number = nominal / S if held.unit == "s" else float(nominal)
        if (held.low is not None and number < held.low) or (held.high is not None and number > held.high):
            problem = f"the unit is built for {number:g} {held.unit}, outside {held.text} of {name}"
            errors.append(at.error(("unit", quantity), problem, "Correct the figure or the limit."))


def witnesses(
    model: VehicleModel, at: Located, buses: Mapping[str, Bus], roles: Mapping[str, Role], errors: Errors
) -> None:
    for i, name in enumerate(model.witnesses):
        if name not in WITNESSES:
            errors.append(at.error(("witnesses", i), "no such witness", suggest(name, WITNESSES)))
    for witness, key, table in (("screen", "screens", model.screens), ("speaker", "sounds", model.sounds)):
        if witness in model.witnesses and not table:
            errors.append(at.error(("witnesses",), f"{witness} is a witness, but there are no {key}", f"Add {key}."))
    if "speaker" in model.witnesses and model.sounds and "chime" not in model.sounds:
        errors.append(at.error(("sounds",), "the chime is missing", "Add chime: FILE."))


ALL: tuple[Check, ...] = (
    required_roles, identities, nodes, modes, diagnostics, rules, buttons, figures, witnesses,
)  # fmt: skip
