"""From a DBC file to messages: cantools parses, we check, find the lines, and have the code generated.

cantools is asked with ``strict=False`` and each message is then checked on its own, so that an error can be pointed
to by file and line. Attributes follow the Vector convention: GenMsgCycleTime, GenMsgCycleTimeFast (ms),
GenMsgNrOfRepetition, GenMsgSendType, GenSigStartValue (raw), VFrameFormat, CANFD_BRS.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.can.codegen import LevelCode, Shape, SignalCode, compile_message
from harness.can.message import Level, Message
from harness.can.signal import Raw, Signal
from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.foundation.units import MS, Ns

if TYPE_CHECKING:
    from cantools.database.can import Message as Parsed
    from cantools.database.can.signal import Signal as ParsedSignal

_BO = re.compile(r"\s*BO_\s+(\d+)\s+(\w+)")
_SG = re.compile(r"\s*SG_\s+(\w+)")
_BA_DEF = re.compile(r'\s*BA_DEF_\s+(?:(?:BU_|BO_|SG_|EV_)\s+)?"(\w+)"')
_BA = re.compile(r'\s*BA_\s+"(\w+)"')
_SYNTAX = re.compile(r"line (\d+), column (\d+)")
Lines = dict[tuple[str, str], int]
"""(message, signal) -> line; the signal is "" for the BO_ line itself."""


def parse_messages(path: Path) -> tuple[tuple[str, ...], list[Message]]:
    """(nodes, messages) of the file. BadInput, or SeveralBadInputs, for whatever is wrong with it."""
    from cantools.database.can import Database as Parser  # 0.7 s: only who reads a DBC pays for it

    text = _read(path)
    lines = _find_lines(text)
    parser = Parser(strict=False)
    try:
        parser.add_dbc_string(text)
    except Exception as why:  # cantools raises whatever its parts raise; all of it is about this text
        raise _together_told(_refused(path, text, why) or [_syntax_error(path, text, why)]) from why
    errors: list[BadInput] = []
    seen: dict[tuple[int, bool], str] = {}
    names: set[str] = set()
    messages: list[Message] = []
    for parsed in parser.messages:
        line = lines.get((parsed.name, ""))
        key = (parsed.frame_id, parsed.is_extended_frame)
        shown = f"0x{parsed.frame_id:X}{'x' if parsed.is_extended_frame else ''}"
        if key in seen:
            errors.append(BadInput(path, _last_line(text, parsed), f"{parsed.name} {shown}",
                                   f"the id is already that of {seen[key]}", "Give one of the two another id"))
            continue
        if parsed.name in names:
            errors.append(BadInput(path, _last_line(text, parsed), parsed.name, "a second message of this name",
                                   "Give one of the two another name"))
            continue
        seen[key] = parsed.name
        names.add(parsed.name)
        found = _check(path, parsed, lines)
        errors += found
        if not found:
            messages.append(_message(parsed, lines, line or 0, parser.dbc.attribute_definitions if parser.dbc else {}))
    if errors:
        raise _together_told(errors)
    return tuple(node.name for node in parser.nodes), messages


def _together_told(errors: list[BadInput]) -> BadInput | SeveralBadInputs:
    return errors[0] if len(errors) == 1 else SeveralBadInputs(errors)


def _read(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as why:
        raise BadInput(path, None, "", f"cannot be read ({why.strerror})", "Check the path of the DBC file") from why
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")  # what Vector's tools wrote for decades


def _find_lines(text: str) -> Lines:
    found: Lines = {}
    message = ""
    for number, line in enumerate(text.splitlines(), 1):
        if match := _BO.match(line):
            message = match[2]
            found.setdefault((message, ""), number)
        elif message and (match := _SG.match(line)):
            found.setdefault((message, match[1]), number)
    return found


def _last_line(text: str, parsed: Parsed) -> int | None:
    """The line of the last BO_ with this id and name: of two of a kind, the one to look at."""
    raw = parsed.frame_id | (0x8000_0000 if parsed.is_extended_frame else 0)
    hits = [n for n, line in enumerate(text.splitlines(), 1)
            if (m := _BO.match(line)) and (int(m[1]) == raw or m[2] == parsed.name)]
    return hits[-1] if hits else None


def _refused(path: Path, text: str, why: Exception) -> list[BadInput]:
    """What foreign files most often have wrong, all of it at once; cantools stops at the first, or names no line."""
    found: list[BadInput] = []
    rows = text.splitlines()
    if "frame id" in str(why):
        for number, row in enumerate(rows, 1):
            match = _BO.match(row)
            if match and int(match[1]) < 1 << 31 and int(match[1]) > 0x7FF:
                wide = int(match[1]) < 1 << 29
                found.append(BadInput(path, number, f"BO_ {match[1]} {match[2]}", "the id has more than 11 bits",
                                      f"Write BO_ {int(match[1]) | 1 << 31} if it is an extended one (bit 31 says so)"
                                      if wide else "An identifier has 11 bits, or 29 with bit 31 set in the file"))
    elif "unused VAL_" in str(why):
        for number, name in re.findall(r"VAL_ (\d+) (\w+)", str(why)):
            at = [n for n, row in enumerate(rows, 1) if re.match(rf"\s*VAL_\s+{number}\s+{name}\b", row)]
            found.append(BadInput(path, at[0] if at else None, f"VAL_ {number} {name}",
                                  "a value table of a signal that is not there",
                                  "Remove the line, or correct the signal's name"))
    elif isinstance(why, KeyError):
        defined = {match[1] for row in rows if (match := _BA_DEF.match(row))}
        for number, row in enumerate(rows, 1):
            if (match := _BA.match(row)) and match[1] not in defined:
                found.append(BadInput(path, number, row.strip()[:120], f"no BA_DEF_ says what attribute {match[1]} is",
                                      "Add its BA_DEF_, or remove the line"))
    return found


def _syntax_error(path: Path, text: str, why: Exception) -> BadInput:
    match = _SYNTAX.search(str(why))
    rows = text.splitlines()
    if match and int(match[1]) <= len(rows):
        line, column = int(match[1]), int(match[2])
        return BadInput(path, line, rows[line - 1].strip()[:120], f"no valid DBC syntax at column {column}",
                        "Correct the statement there, or the end of the one before it")
    line_of = None
    # cantools names the message or signal it stumbled over, and not its line
    for word in [*re.findall(r"(?:message|signal) (\w+)", str(why)), *re.findall(r"\w{3,}", str(why))]:
        statement = re.compile(rf"\b(BO_ \d+|SG_|VAL_ \d+|SIG_VALTYPE_ \d+) {word}\b")
        hits = [n for n, row in enumerate(rows, 1) if statement.search(row)]
        line_of = line_of or (hits[-1] if hits else None)
    text_of = " ".join(str(why).split()) or type(why).__name__
    return BadInput(path, line_of, rows[line_of - 1].strip()[:120] if line_of else "", text_of,
                    "Correct the database; what cannot be read cannot be sent")


def _check(path: Path, parsed: Parsed, lines: Lines) -> list[BadInput]:
    """What is wrong with the layout of one message."""
    errors = []
    owner: dict[int, list[ParsedSignal]] = {}

    def wrong(signal: ParsedSignal, problem: str, remedy: str) -> None:
        line = lines.get((parsed.name, signal.name)) or lines.get((parsed.name, ""))
        errors.append(BadInput(path, line, f"{parsed.name}.{signal.name}", problem, remedy))

    for signal in parsed.signals:
        if signal.conversion.is_float and signal.length not in (16, 32, 64):
            wrong(signal, f"a float of {signal.length} bits", "Make it 16, 32 or 64 bits long, or no float")
            continue
        if signal.conversion.scale == 0:
            wrong(signal, "its factor is 0", "Write a factor that is not 0")
            continue
        bits = _bits(signal)
        if max(bits) >= 8 * parsed.length:
            wrong(signal, f"it needs {max(bits) // 8 + 1} bytes and the message has {parsed.length}",
                  "Move or shorten the signal, or lengthen the message")
            continue
        start = _start_raw(signal)
        low, high = _range(signal)
        if not low <= start <= high:
            wrong(signal, f"its start value {start} does not fit into {signal.length} bits",
                  f"Write a GenSigStartValue from {low} to {high} (raw)")
        for other in {id(o): o for b in bits for o in owner.get(b, [])}.values():
            if _together(signal, other, parsed):
                wrong(signal, f"it overlaps {other.name}", "Move one of the two")
                break
        for bit in bits:
            owner.setdefault(bit, []).append(signal)
    return errors


def _bits(signal: ParsedSignal) -> list[int]:
    """The bits of the signal, numbered byte * 8 + significance."""
    if signal.byte_order == "little_endian":
        return list(range(signal.start, signal.start + signal.length))
    first = 8 * (signal.start // 8) + 7 - signal.start % 8
    return [8 * (b // 8) + 7 - b % 8 for b in range(first, first + signal.length)]


def _together(one: ParsedSignal, other: ParsedSignal, parsed: Parsed) -> bool:
    """Whether there is data in which both signals are present."""
    paths = [_conditions(s, parsed) for s in (one, other)]
    return all(not ids.isdisjoint(paths[1][name]) for name, ids in paths[0].items() if name in paths[1])


def _conditions(signal: ParsedSignal, parsed: Parsed) -> dict[str, frozenset[int]]:
    conditions: dict[str, frozenset[int]] = {}
    while signal.multiplexer_signal is not None and signal.multiplexer_signal not in conditions:
        conditions[signal.multiplexer_signal] = frozenset(signal.multiplexer_ids or ())
        signal = parsed.get_signal_by_name(signal.multiplexer_signal)
    return conditions


def _range(signal: ParsedSignal) -> tuple[Raw, Raw]:
    if signal.conversion.is_float:
        return float("-inf"), float("inf")
    if signal.is_signed:
        return -(1 << signal.length - 1), (1 << signal.length - 1) - 1
    return 0, (1 << signal.length) - 1


def _start_raw(signal: ParsedSignal) -> Raw:
    raw: Any = signal.raw_initial
    if raw is None:
        definition = signal.dbc.attribute_definitions.get("GenSigStartValue") if signal.dbc else None
        raw = definition.default_value if definition is not None else None
    number = float(raw) if isinstance(raw, str) and raw else raw or 0
    return float(number) if signal.conversion.is_float else round(number)


def _attribute(parsed: Parsed, definitions: dict[str, Any], name: str) -> Any:
    """The attribute's value, its default, or None; an ENUM as its text."""
    definition = definitions.get(name)
    own = parsed.dbc.attributes.get(name) if parsed.dbc and parsed.dbc.attributes else None
    if own is None:
        return definition.default_value if definition is not None else None
    if definition is not None and definition.choices and isinstance(own.value, int):
        return definition.choices[own.value]
    return own.value


def _milliseconds(value: Any) -> Ns | None:
    return round(float(value) * MS) if value else None


def _message(parsed: Parsed, lines: Lines, line: int, definitions: dict[str, Any]) -> Message:
    shapes = [Shape(s.name, s.start, s.length, s.byte_order == "little_endian", s.is_signed, s.conversion.is_float,
                    s.conversion.scale, s.conversion.offset) for s in parsed.signals]
    by_name = {s.name: s for s in shapes}
    plan = _plan(parsed, None, None)
    flat = _flatten(plan)
    codes, levels = compile_message(parsed.name, parsed.length, shapes, [[by_name[n] for n in p[0]] for p in flat])
    signals = {s.name: _signal(s, code, lines.get((parsed.name, s.name), line))
               for s, code in zip(parsed.signals, codes, strict=True)}
    fd = parsed.is_fd or parsed.length > 8
    brs = _attribute(parsed, definitions, "CANFD_BRS")
    tree = _level(plan, {id(p): c for p, c in zip(flat, levels, strict=True)}, signals)
    return Message(
        name=parsed.name, id=parsed.frame_id, extended=parsed.is_extended_frame, length=parsed.length, fd=fd,
        brs=fd and str(brs if brs is not None else 1) not in ("0", "no", "False"), senders=tuple(parsed.senders),
        cycle=_milliseconds(parsed.cycle_time),
        fast_cycle=_milliseconds(_attribute(parsed, definitions, "GenMsgCycleTimeFast")),
        repetitions=int(_attribute(parsed, definitions, "GenMsgNrOfRepetition") or 0),
        send_type=str(_attribute(parsed, definitions, "GenMsgSendType") or ""), comment=parsed.comment or "",
        line=line, signals=signals, tree=tree,
        plain=None if tree.branches else tree.code.encode,
        network_management=str(_attribute(parsed, definitions, "NmMessage")).lower() in ("yes", "1", "true"))


Plan = tuple[list[str], dict[str, dict[int, Any]]]
"""Names of a level's signals, and for each multiplexer the plan of each id (recursive)."""


def _plan(parsed: Parsed, parent: str | None, selected: int | None) -> Plan:
    here = [s for s in parsed.signals if s.multiplexer_signal == parent
            and (selected is None or selected in (s.multiplexer_ids or ()))]
    branches: dict[str, dict[int, Any]] = {}
    for multiplexer in (s for s in here if s.is_multiplexer):
        below = [s for s in parsed.signals if s.multiplexer_signal == multiplexer.name]
        # an id that only the value table knows selects nothing more, and is valid
        ids = {i for s in below for i in s.multiplexer_ids or ()} | set(multiplexer.conversion.choices or {})
        same: dict[frozenset[str], Plan] = {}  # thousands of ids often share one set of signals
        for i in sorted(ids):
            members = frozenset(s.name for s in below if i in (s.multiplexer_ids or ()))
            if members not in same:
                same[members] = _plan(parsed, multiplexer.name, i)
            branches.setdefault(multiplexer.name, {})[i] = same[members]
    return [s.name for s in here], branches


def _flatten(plan: Plan) -> list[Plan]:
    found: dict[int, Plan] = {}
    waiting = [plan]
    while waiting:
        plan = waiting.pop()
        if id(plan) not in found:
            found[id(plan)] = plan
            waiting += [p for table in plan[1].values() for p in table.values()]
    return list(found.values())


def _level(plan: Plan, codes: dict[int, LevelCode], signals: dict[str, Signal]) -> Level:
    made: dict[int, Level] = {}

    def make(plan: Plan) -> Level:
        if id(plan) not in made:
            branches = tuple((signals[name], {i: make(p) for i, p in table.items()})
                             for name, table in plan[1].items())
            made[id(plan)] = Level(tuple(signals[n] for n in plan[0]), codes[id(plan)], branches)
        return made[id(plan)]

    return make(plan)


def _signal(parsed: ParsedSignal, code: SignalCode, line: int) -> Signal:
    values = {int(raw): str(label) for raw, label in (parsed.conversion.choices or {}).items()}
    mux = None
    if parsed.multiplexer_signal is not None:
        mux = (parsed.multiplexer_signal, frozenset(parsed.multiplexer_ids or ()))
    return Signal(
        name=parsed.name, unit=parsed.unit or "", start_bit=parsed.start, length=parsed.length,
        little_endian=parsed.byte_order == "little_endian", signed=parsed.is_signed, float=parsed.conversion.is_float,
        scale=parsed.conversion.scale, offset=parsed.conversion.offset, minimum=parsed.minimum, maximum=parsed.maximum,
        values=values, start_raw=_start_raw(parsed), mux=mux, is_multiplexer=parsed.is_multiplexer,
        comment=parsed.comment or "", line=line, read_raw=code.read_raw, write_raw=code.write_raw,
        number_to_raw=code.number_to_raw, to_physical=code.to_physical,
        labels={label: raw for raw, label in values.items()})

