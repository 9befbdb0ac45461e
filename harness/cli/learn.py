"""``hil rig learn RIG``: listen while an action is performed, and tell what reacts. Nothing is ever sent."""

from __future__ import annotations

import json
import random
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from harness.cli.project import project_root
from harness.foundation.errors import BadInput
from harness.foundation.units import MS, Ns, parse_duration
from harness.rig.learn import Learned, Reaction

ENOUGH = 5
"""Repetitions from which on a reaction usually stands out from chance."""
MOST_SUSPECTS = 12


def learn(
    rig: str,
    *,
    action: str,
    role: str,
    places: Sequence[Path],
    marks: Path | None,
    settle: str,
    unknown: bool,
    out: Path | None,
    as_json: bool,
) -> int:
    """Returns 0; 1 when the profile's role did not react. BadInput for the files, RigFault when the rig is deaf."""
    from harness.foundation.config import suggest
    from harness.foundation.places import find
    from harness.rig.learn import learn as find_out
    from harness.rig.learn_folder import read_recording
    from harness.rig.learn_propose import proposals
    from harness.rig.load import load_rig
    from harness.vehicle.load import load_vehicle
    from harness.vehicle.roles import ROLES

    if role and role not in ROLES:
        raise BadInput("command line", None, f"--role {role}", "is no role", suggest(role, ROLES))
    try:
        settled: Ns = parse_duration(settle)
    except ValueError as why:
        raise BadInput("command line", None, f"--settle {settle}", str(why), "Write a time, such as '1 s'.") from why
    root = project_root(Path.cwd())
    file = load_rig(find("rigs", rig, ".yaml", root))
    vehicle = load_vehicle(find("dbc", file.model.vehicle, project=root))
    if not places:
        places = [_record(file, vehicle, action, out or _new_folder(root))]
    recording = read_recording(places, marks, action)
    learned = find_out(recording, None if unknown else vehicle, role, settled)
    lines = proposals(learned)
    if as_json:
        print(json.dumps(_json(learned, lines), ensure_ascii=False, indent=1))
    else:
        _show(learned, lines)
    return 1 if learned.agrees is False else 0


def _new_folder(root: Path) -> Path:
    numbers = [int(p.name) for p in (root / "reports" / "learned").glob("[0-9]*") if p.name.isdigit()]
    return root / "reports" / "learned" / f"{max(numbers, default=0) + 1:04d}"


def _record(file: Any, vehicle: Any, action: str, out: Path) -> Path:
    from harness.rig.learn_folder import write_recording
    from harness.rig.learn_live import listen
    from harness.rig.rig import open_rig

    if file.model.clock != "wall":
        remedy = "Take a rig with 'clock: wall', or learn from a recording: --from FOLDER."
        raise BadInput(file.path, None, "clock: virtual", "nobody can act on a rig in virtual time", remedy)
    if out.exists() and any(out.iterdir()):
        raise BadInput(out, None, "", "there is something in this folder", "Name a new one with --out.")
    opened = open_rig(file, vehicle, random.Random(0))
    try:
        enters = _enters(opened.clock.now)
        recording = listen(opened.clock, opened.can, opened.audio, opened.screen, enters, _say, action)
    finally:
        opened.close()
    if not recording.windows:
        raise BadInput("command line", None, "", "no repetition was marked", "Press Enter before and after each one.")
    write_recording(out, recording)
    _say(f"recorded in {out}; once more from there: --from {out}")
    return out


def _say(text: str) -> None:
    print(f"hil: {text}", file=sys.stderr, flush=True)


def _enters(now: Callable[[], Ns]) -> Callable[[], Sequence[Ns | None]]:
    """Lines of standard input, stamped by a thread that does nothing else; 'q' or its end come as None."""
    pressed: list[Ns | None] = []

    def read() -> None:
        for line in sys.stdin:
            if line.strip().lower() in ("q", "quit"):
                break
            pressed.append(now())
        pressed.append(None)

    threading.Thread(target=read, name="keyboard", daemon=True).start()

    def since_last() -> Sequence[Ns | None]:
        taken = pressed[: len(pressed)]
        del pressed[: len(taken)]
        return taken

    return since_last


def _json(learned: Learned, lines: Sequence[str]) -> dict[str, Any]:
    return {
        "schema": 1,
        "kind": "learned",
        "action": learned.action,
        "repetitions": learned.repetitions,
        "reactions": [_reaction(r) for r in learned.reactions],
        "suspects": [_reaction(r) for r in learned.suspects],
        "left_out": list(learned.aside),
        "role": learned.about or None,
        "profile": learned.check,
        "agrees": learned.agrees,
        "witnesses": dict(learned.witnesses),
        "proposals": list(lines),
    }


def _reaction(r: Reaction) -> dict[str, Any]:
    fit = r.association
    facts = {"kind": r.kind, "where": r.where, "name": r.name or None, "what": r.what, "role": r.role or None}
    delays = [None if d is None else d / 1e9 for d in fit.delays]
    seen = {"seen": fit.hits, "outside": fit.outside, "delays": delays, "way": fit.way, "back": fit.back}
    return {**facts, **seen, "chance": fit.chance}


def _show(learned: Learned, lines: Sequence[str]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    times = f"{learned.repetitions} time{'s' if learned.repetitions != 1 else ''}"
    console.print(Text(f"{learned.action or 'the action'}: {times}\n", "bold"))
    if learned.reactions:
        console.print(_table(learned.reactions))
    else:
        console.print("nothing reacts that could not be chance")
    if learned.suspects:
        console.print(Text("\nperhaps; repeat it more often to be sure", "bold"))
        console.print(_table(learned.suspects[:MOST_SUSPECTS]))
        if len(learned.suspects) > MOST_SUSPECTS:
            console.print(f"... and {len(learned.suspects) - MOST_SUSPECTS} more: --json has all")
    if learned.repetitions < ENOUGH:
        console.print(f"\n{learned.repetitions} repetitions are few: {ENOUGH} and more tell reactions from chance")
    if learned.aside:
        console.print(Text("\nleft out, because it never rests", "bold"))
        for line in learned.aside:
            console.print(f"  {line}", soft_wrap=True)
    style = {True: "green", False: "bold red", None: ""}[learned.agrees]
    console.print(Text("\nprofile", "bold"))
    console.print(Text(f"  {learned.check}", style), soft_wrap=True)
    console.print(Text("\nwho can judge what the unit does then", "bold"))
    for witness, did in learned.witnesses:
        console.print(Text(f"  {witness}: {did}", "yellow" if did.startswith("missing") else ""), soft_wrap=True)
    judges = [witness for witness, did in learned.witnesses if did.startswith("reacted")]
    console.print(f"  these judge: {', '.join(judges)}" if judges else "  nobody: no witness reacted")
    if lines:
        console.print(Text("\nproposed", "bold"))
        for line in lines:
            console.print(Text(line), soft_wrap=True)


def _table(reactions: Sequence[Reaction]) -> object:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in ("where", "name", "what", "seen", "after", "behind the first", "then", "elsewhere", "by chance"):
        table.add_column(column, overflow="fold")
    first = reactions[0].association.delays
    for r in reactions:
        fit = r.association
        lags = sorted(d - f for d, f in zip(fit.delays, first, strict=True) if d is not None and f is not None)
        then = {"within": "back within it", "later": "back later", "stays": "stays"}[fit.back]
        if fit.way == "toggles":
            then = "toggles"
        if r.kind in ("message", "sound"):
            then = ""
        likely = f"1 in {float(f'{1 / fit.chance:.1g}'):,.0f}" if fit.chance > 1e-6 else "< 1 in a million"
        role = f"{r.name} = {r.role}" if r.role else r.name
        seen = f"{fit.hits} of {len(fit.delays)}"
        table.add_row(r.where, role, r.what, seen, _range(fit.seen), _range(lags), then, str(fit.outside), likely)
    return table


def _range(times: Sequence[Ns]) -> str:
    """From the least to the greatest of times in order, in ms."""
    if not times:
        return "-"
    low, high = round(times[0] / MS), round(times[-1] / MS)
    return f"{low} ms" if low == high else f"{low}..{high} ms"
