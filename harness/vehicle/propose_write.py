"""A proposed car as a vehicle.yaml: what was found, why, and what is still to be filled in.

Three kinds of lines. Plain ones follow from the database; behind ``# ?`` stands what was assumed (it runs, and is to be
looked at); ``"TODO ..."`` stands where nothing could be known, and the loader refuses the file as long as one is left.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from harness.foundation.units import MS, parse_duration, show_time
from harness.vehicle.propose import Candidate, Proposal, is_button
from harness.vehicle.propose_protection import Guarded
from harness.vehicle.propose_recipes import INITIAL, Step, presence, recipes
from harness.vehicle.propose_source import Source
from harness.vehicle.propose_words import met
from harness.vehicle.roles import REQUIRED, ROLES, SNA

SURE_WITHOUT_STATES = 0.75
"""A role that no car must have and whose states nobody knows is written only when its name is as sure as this."""
TAKEN = ("gestures", "phone_call", "unit", "limits", "profiles", "witnesses", "driver_zone", "sounds", "screens")
"""Parts that no database knows and that may be taken over from another car."""

_FIGURE = re.compile(r"\b(long_press|screen_latency): ([\d.]+ m?s)\b")

ASSUMED: dict[str, str] = {
    "gestures": """gestures:                             # ? what a press means, by what is in front
  'off':     {press: ignore@press}
  idle:      {press: listen@press, long: undo@press, double: replay@press}
  prompt:    {press: play@press, long: undo@press}
  listening: {press: 'stop_capture@press, send@release', long: discard@press}
  playing:   {press: stop@press}
  ringing:   {press: answer@release}
  call:      {press: hang_up@release}
  reverse:   {press: ignore@press}
""",
    "phone_call": """# ? what becomes of messaging when the phone rings
phone_call: {prompt: keep, listening: discard, sending: finish, playing: stop, ringing: reject, call: hold}
""",
    "unit": """# ? what the unit is built to do; all others of harness/vehicle/figures.py have their usual value
unit: {serial: HU-1, long_press: 800 ms, double_press_gap: 400 ms, debounce_frames: 2, confirm_leave: 2 s}
""",
    "witnesses": """# Ways to see and reach the unit besides its frames; take out what your rig does not have.
witnesses: [screen, speaker, microphone, console, account, supply, network]
""",
    "sounds": """sounds:
  chime: "TODO the file of the sound that says 'speak now', such as sounds/chime.flac; end_tone, prompt, error likewise"
""",
    "screens": """screens:
  home: "TODO the file of a picture cut from the unit's screen, such as screens/home.png; the other views likewise"
""",
}


@dataclass(frozen=True)
class Proposed:
    """All that ``hil vehicle new`` found. ``cycles`` were measured (ns, by "bus/Message"); ``taken`` are parts of
    another car's file, as text, by their key; ``like`` is that car's name."""

    name: str
    sources: Sequence[Source]
    unit: tuple[str, ...]
    roles: Mapping[str, Proposal]
    guarded: Mapping[str, Guarded]
    cycles: Mapping[str, int]
    taken: Mapping[str, str]
    like: str = ""

    def written(self) -> dict[str, Candidate]:
        """The roles that the file will have, by name."""
        return {role: p.best for role, p in self.roles.items() if p.best is not None and _worth(role, p.best)}


def vehicle_yaml(found: Proposed) -> str:
    """The text of the file."""
    files = ", ".join(s.database.path.name for s in found.sources)
    lines = [
        f"# Proposed by hil vehicle new from {files}.",
        '# "TODO ..." is not known: the car does not run until every one is filled in; hil vehicle check lists them.',
        '# "# ?" is assumed: look at it. The number before a role\'s reasons says how sure it is, 0 to 1.',
        "schema: 1",
        f"name: {json.dumps(found.name, ensure_ascii=False)}  # ? as reports show it",
        f"note: proposed from {files}; nobody has compared it with the car yet",
        "",
        "buses:",
        *(_bus(source) for source in found.sources),
        "",
        *_unit_nodes(found),
        "",
        "roles:",
        *(line for role in ROLES for line in _role_lines(role, found)),
        "",
        *_schedules(found),
        *_cycles(found),
        *_protection(found),
        *_life(found),
        *_modes(found),
        *_diagnostics(found),
        *_driving(found),
    ]
    if "head_unit.app" not in found.written():
        found = replace(found, taken={k: v for k, v in found.taken.items() if k != "limits"})
        lines += _limits_by_screen(found)
    for key in dict.fromkeys([*ASSUMED, *found.taken]):
        if key in found.taken:
            lines.append(f"# ? taken over from {found.like}\n{found.taken[key].rstrip()}\n")
        else:
            lines.append(ASSUMED[key])
    buttons = ", ".join(r for r in _priority(found))
    lines.append(f"priority: [{buttons}]  # ? which of several buttons wins")
    return "\n".join(lines) + "\n"


def _bus(source: Source) -> str:
    rates = f"bitrate: {source.bitrate // 1000} kbit/s"
    if source.data_bitrate is not None:
        rates += f", data_bitrate: {source.data_bitrate // 1000} kbit/s"
    mark = "" if source.told else "  # ? the file does not say how fast the bus is"
    return f"  {source.bus}: {{dbc: {source.bus}.dbc, {rates}}}{mark}"


def _unit_nodes(found: Proposed) -> list[str]:
    if found.unit:
        return [f"head_unit_nodes: [{', '.join(found.unit)}]  # ? by name; what they send the rest-bus never sends"]
    nodes = ", ".join(dict.fromkeys(n for s in found.sources for n in s.database.nodes)) or "none"
    text = f"TODO the head unit's node ({nodes}); head_unit_nodes: [] when the files have none of its messages"
    return [f"head_unit_nodes: [{_quoted(text)}]"]


def _worth(role: str, best: Candidate) -> bool:
    return role in REQUIRED or not best.lacking or best.confidence >= SURE_WITHOUT_STATES


def _role_lines(role: str, found: Proposed) -> list[str]:
    proposal = found.roles.get(role)
    best = None if proposal is None else proposal.best
    others = [] if proposal is None else list(proposal.others)
    lines = []
    if best is not None and not _worth(role, best):
        others, best = [best, *others], None
    if best is not None:
        lines.append(f"  # {_sure(best)}: {'; '.join(best.reasons)}")
        lines.append(f"  {role}: {{{_fields(role, best)}}}")
    elif role in REQUIRED:
        lines.append(f"  {role}: {_quoted(f'TODO {ROLES[role].about}: {_form(role)}')}")
    elif role == "network.head_unit" and (message := _network_message(found)):
        lines.append(f"  {role}: {{message: {message}}}  # ? by name")
    else:
        lines.append(f"  # {role}: nothing found ({ROLES[role].about})")
    lines += [f"  #   perhaps {_sure(o)}: {o.place} ({o.reasons[0]})" for o in others if best is None]
    lines += [f"  #   or {_sure(o)}: {o.place}" for o in others[:2] if best and o.confidence > best.confidence - 0.15]
    return lines


def _sure(candidate: Candidate) -> str:
    return f"{min(candidate.confidence, 0.99):.2f}"


def _fields(role: str, best: Candidate) -> str:
    rule = ROLES[role]
    if best.event is not None:
        code, code_signal, kind_signal, kinds, sequence, repeat = best.event
        shown = ", ".join(f"{kind}: {raw}" for kind, raw in kinds.items())
        number = f", sequence: {sequence}" if sequence else ""
        return (
            f"kind: button.event, message: {best.bus}/{best.message.name}, code_signal: {code_signal}, code: {code}, "
            f"kind_signal: {kind_signal}, kinds: {{{shown}}}{number}, repeat: {repeat}"
        )
    fields = [f"kind: {rule.kinds[0]}"] if is_button(role) else []
    fields.append(f"signal: {best.place}")
    if rule.unit:
        fields.append(f"unit: {rule.unit}")
    values = [f"{state}: {_value(value)}" for state, value in best.states.items()]
    values += [f"{state}: {_quoted(f'TODO {_asked(state, best)}')}" for state in best.lacking]
    if values:
        fields.append(f"values: {{{', '.join(values)}}}")
    return ", ".join(fields)


def _asked(state: str, best: Candidate) -> str:
    signal = best.signal
    top = (1 << signal.length) - 1
    if signal.values:
        labels = ", ".join(dict.fromkeys(signal.values.values()))
        return f"which label is '{state}': {labels[:160]}, or a raw number"
    if state == SNA:
        return f"the raw value for 'not valid', often {top:#x}"
    return f"the raw value of '{state}', 0 to {top}: there is no value table"


def _form(role: str) -> str:
    rule = ROLES[role]
    states = ", ".join(f"{state}: 0" for state in sorted(rule.states))
    unit = f"unit: {rule.unit}, " if rule.unit else ""
    return f"{{signal: BUS/Message.Signal, {unit}values: {{{states}}}}}"


def _network_message(found: Proposed) -> str | None:
    ours = set(found.unit)
    for source in found.sources:
        for message in source.database.messages.values():
            if ours.intersection(message.senders) and met({"nm", "nwm"}, message.name):
                return f"{source.bus}/{message.name}"
    return None


def _schedules(found: Proposed) -> list[str]:
    """A multiplexed message of a role goes round all its pages."""
    lines = []
    for place, best in _role_messages(found).items():
        message = best.message
        if best.signal.mux is not None and len(message.tree.branches) == 1 and not _ours(found, best):
            multiplexer, branches = message.tree.branches[0]
            pages = sorted(p for p, level in branches.items() if level.signals and multiplexer.raw_range[0] <= p)
            lines.append(f"  {place}: {pages}  # ? in this order")
    return ["schedules:", *lines, ""] if lines else []


def _role_messages(found: Proposed) -> dict[str, Candidate]:
    return {f"{c.bus}/{c.message.name}": c for c in found.written().values()}


def _ours(found: Proposed, candidate: Candidate) -> bool:
    return not set(found.unit).isdisjoint(candidate.message.senders)


def _cycles(found: Proposed) -> list[str]:
    lines = []
    for source in found.sources:
        for message in source.database.messages.values():
            place = f"{source.bus}/{message.name}"
            if message.cycle is not None:
                continue
            if place in found.cycles:
                lines.append(f"  {place}: {show_time(found.cycles[place])}  # measured")
            elif place in _role_messages(found) and "event" not in message.send_type.lower():
                lines.append(f"  {place}: {_quoted('TODO its cycle time, such as 100 ms: the database gives none')}")
    return ["# The database gives no cycle time of these.", "cycles:", *lines, ""] if lines else []


def _protection(found: Proposed) -> list[str]:
    needed, rest = [], []
    carrying = _role_messages(found)
    for place, guard in found.guarded.items():
        fields = [] if guard.profile else [f"profile: {_quoted(f'TODO {_PROFILE}')}"]
        fields += [f"profile: {guard.profile}"] if guard.profile else []
        if guard.data_id is not None:
            fields.append(f"data_id: {guard.data_id:#x}")
        fields += [f"counter: {guard.counter}"] if guard.counter else []
        fields += [f"checksum: {guard.checksum}"] if guard.checksum else []
        if place in carrying:
            needed += [f"  # by name and width: {guard.reason}", f"  {place}: {{{', '.join(fields)}}}"]
        else:
            rest.append(f"  # {place}: {guard.reason}")
    if not needed and not rest:
        return []
    head = ["protection:", *needed] if needed else ["protection: {}"]
    return [*head, *(["  # no role is in these; without protection a real unit may not believe them"] if rest else []),
            *rest, ""]  # fmt: skip


_PROFILE = "one of E2E-P01, E2E-P02, E2E-P05, E2E-P11, J1850, XOR, SUM, with its data_id; or take the line out"


def _life(found: Proposed) -> list[str]:
    roles = _states(found)
    lines = ["# How every case begins.", "initial:"]
    lines += [f"  {role}: {state}" for role, state in INITIAL.items()
              if role in roles and (isinstance(state, int) or state in roles[role])]  # fmt: skip
    written = found.written()
    lines += [
        f"  {role}: released" for role in roles if is_button(role) and not (role in written and written[role].event)
    ]
    lines += ["", "# Recipes. Judging counts from the marked step.", "events:"]
    for name, steps in recipes(roles).items():
        lines += [f"  {name}:", *(f"    - {_step(step)}" for step in steps)]
    rules = presence(roles)
    lines += ["", "presence:  # ? by what the driver is there, has left, has locked"]
    for key in ("present", "left"):
        empty = f"[{_quoted(f'TODO states that say so, such as {{seat.driver: {_SITS[key]}}}')}]"
        lines.append(f"  {key}: {_rules(rules[key]) or empty}")
    lines.append(f"  locked: {_rules(rules['locked']) or '[]'}")
    return [*lines, ""]


_SITS = {"present": "occupied", "left": "empty"}


def _rules(rules: Iterable[Mapping[str, str]]) -> str:
    shown = ", ".join("{" + ", ".join(f"{r}: {s}" for r, s in rule.items()) + "}" for rule in rules)
    return f"[{shown}]" if shown else ""


def _step(step: Step) -> str:
    what, value, mark = step
    return f"{{{what}: {value}{f', mark: {mark}' if mark else ''}}}"


def _states(found: Proposed) -> dict[str, frozenset[str]]:
    """role -> the states it has or, once filled in, must have. What is required counts as there."""
    roles = {role: frozenset({*c.states, *c.lacking}) for role, c in found.written().items()}
    for role in REQUIRED:
        roles.setdefault(role, frozenset(ROLES[role].states))
    return roles


def _modes(found: Proposed) -> list[str]:
    states = _states(found)
    awake = [c.message.name for role, c in found.written().items()
             if role.partition(".")[0] in ("ignition", "seat", "belt", "door", "lock", "key", "network")
             and not _ours(found, c)]  # fmt: skip
    frames = f"[{', '.join(dict.fromkeys(awake))}]" if awake else "all"
    lines = ["# ? Which lines are on and which messages are sent.", "modes:",
             f"  'OFF': {{ignition: off, lines: [KL30], nm: true, frames: {frames}}}"]  # fmt: skip
    if "acc" in states.get("ignition", ()):
        lines.append("  ACC: {ignition: acc, lines: [KL30, ACC], nm: true, frames: all}")
    lines.append("  'ON': {ignition: on, lines: [KL30, ACC, KL15], nm: true, frames: all}")
    if "crank" in states.get("ignition", ()):
        lines.append("  CRANK: {ignition: crank, lines: [KL30, KL15], nm: true, frames: all}")
    return [*lines, "  SLEEP: {lines: [KL30], nm: false, frames: none}", ""]


def _diagnostics(found: Proposed) -> list[str]:
    bus, request, response = None, None, None
    for source in found.sources:
        for message in source.database.messages.values():
            if not met({"diag", "uds", "phy", "phys", "physical"}, message.name):
                continue
            if not (
                set(found.unit).intersection(message.senders)
                or met({n.lower() for n in found.unit} | {"hu"}, message.name)
            ):
                continue
            if set(found.unit).intersection(message.senders):
                response = message.id if response is None else response
            else:
                request = message.id if request is None else request
            bus = source.bus
    if bus is not None and request is not None and response is not None:
        return [
            "# ? by name; add diagnostics to witnesses when it is right",
            f"diagnostics: {{bus: {bus}, request: {request:#x}, response: {response:#x}, "
            "functional: 0x7DF, padding: 0xAA}",
            "",
        ]
    taken = {m.id for s in found.sources for m in s.database.messages.values()}
    free = [i for i in range(0x7FE, 0x6FF, -1) if i not in taken and i != 0x7DF]
    functional = 0x7DF if 0x7DF not in taken else free.pop()
    return [
        "# ? not in the database, and made up; with the real ones, and dids and dtcs, add diagnostics to witnesses",
        f"diagnostics: {{bus: {found.sources[0].bus}, request: {free[0]:#x}, response: {free[1]:#x}, "
        f"functional: {functional:#x}, padding: 0xAA}}",
        "",
    ]


def _driving(found: Proposed) -> list[str]:
    brake = ["    - {brake: pressed, standstill: 2 s}"] if "brake" in found.written() else []
    return [
        "driving:  # ? when the car is parked, and what is restricted when",
        "  parked:",
        "    - {gear: P}",
        *brake,
        "  thresholds: {standstill: 0 m/s, slow: 4.99 m/s, fast: 5.0 m/s}",
        "  restrictions:",
        "    PARKED: {login: true, settings: true, message_text: true}",
        "    IDLING: {login: false, settings: false, message_text: true, list_items: 21, depth: 3, characters: 120}",
        "    MOVING: {login: false, settings: false, message_text: false, list_items: 21, depth: 3, characters: 120}",
        "",
    ]


def _limits_by_screen(found: Proposed) -> list[str]:
    """Without its word on the bus the screen tells what the unit does: later, and the long press must leave room."""
    figures = {name: parse_duration(text) // MS for name, text in _FIGURE.findall(found.taken.get("unit", ""))}
    press, screen = figures.get("long_press", 800), figures.get("screen_latency", 100)
    tolerance = screen // 2 + 50
    return [
        "# ? the screen stands for head_unit.app; its time and a page of the wheel are in the tolerance",
        f"limits: {{BTN-02.long_press: {{value: {press + tolerance - 40} ms, tolerance: {tolerance} ms, "
        """source: "maker's value"}}""",
        "",
    ]


def _priority(found: Proposed) -> list[str]:
    order = ("wheel.hangup", "wheel.messaging", "wheel.mute", "wheel.volume_up", "wheel.volume_down", "wheel.next",
             "wheel.previous")  # fmt: skip
    return [role for role in order if role in found.written() or role in REQUIRED]


def _value(value: int | str) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
