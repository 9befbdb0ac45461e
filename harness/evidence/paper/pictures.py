"""The pictures of a requirement's page: how its values lie, the signals of a case, the screen at the moment it counts.

Only pictures that the bench has masked are looked at, those attached to the journal as PNG; nothing below a folder
called ``restricted`` ever is. Drawings are SVG, so that they stay sharp on paper; their texts keep to its font.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from harness.evidence.case import CaseRecord
from harness.evidence.exhibits import SIGNALS, allowed, point_of_interest
from harness.evidence.strip import strip_plot
from harness.judging.tracks import OPEN, RESTRICTED_FOLDER

MOST_DOTS = 400
"""Dots of one distribution; of more, evenly spaced ones with the two outermost."""
_FONT = re.compile(r"font-family='[^']*'")
_TITLE = re.compile(r"<title>[^<]*</title>")
_SHOWN_AT = re.compile(r"at (\d+\.\d+) s$")
_STYLE = (
    "<style>.room{fill:#dff1e4}.axis{stroke:#9aa5b1;stroke-width:1}.limit{stroke:#1f2933;stroke-width:1.4}"
    ".tick{font-size:10px;fill:#3e4c59}.box{fill:#bcccdc;fill-opacity:0.6}.median{stroke:#334e68;stroke-width:1.5}"
    ".v-PASS{fill:#1a7f4b}.v-FAIL{fill:#b3261e}.v-INCONCLUSIVE{fill:#9a6700}.v-BLOCKED{fill:#6a4c93}"
    ".v-ERROR{fill:#6a4c93}.v-NOT_APPLICABLE{fill:#9aa5b1}.v-NOT_EXECUTED{fill:#9aa5b1}</style>"
)


def distribution(checks: Sequence[Mapping[str, Any]], font: str) -> str:
    """All values against their limit as SVG; "" where there is nothing to draw."""
    drawn = strip_plot(_thinned(checks))
    if not drawn:
        return ""
    opened = drawn.replace("<svg ", "<svg xmlns='http://www.w3.org/2000/svg' ", 1)
    return _TITLE.sub("", opened.replace(">", f" font-family='{font}'>{_STYLE}", 1))


def signals(case: CaseRecord, font: str) -> str:
    """The signals around the point of interest as SVG; "" where the case has none, or they cannot be drawn."""
    if case.folder is None or SIGNALS not in {a["file"] for a in case.attachments}:
        return ""
    from harness.evidence.plots import signal_plot

    try:
        data = json.loads((case.folder / SIGNALS).read_text(encoding="utf-8"))
        drawn = signal_plot({**data, "window": point_of_interest(case, data)}, allowed(case))
    except (OSError, ValueError, LookupError, TypeError, ArithmeticError):
        return ""  # a picture that cannot be made must not cost the report
    return _TITLE.sub("", _FONT.sub(f"font-family='{font}'", drawn))


def screen(case: CaseRecord, check: Mapping[str, Any] | None) -> tuple[Path, str] | None:
    """The picture that stood on the screen when ``check`` was decided (the last one without a check), and its instant;
    None where there is none that may be shown."""
    if case.folder is None:
        return None
    shown = [
        (at, path) for a in case.attachments if (path := _may_show(case.folder, a)) and (at := _instant(a)) is not None
    ]
    if not shown:
        return None
    moment = float("inf") if check is None else _moment(check) / 1e9
    at, path = max((s for s in shown if s[0] <= moment + 1e-3), default=min(shown), key=lambda s: s[0])
    return path, f"{at:.3f} s"


def _moment(check: Mapping[str, Any]) -> int:
    """The instant of the screen that the check points at; of several samples the worst one's; else the end of what was
    watched."""
    refs = [r for r in check.get("refs") or () if isinstance(r.get("t"), int)]
    on_screen = [int(r["t"]) for r in refs if r.get("track") == "screen"]
    if on_screen or (refs and int(check.get("samples") or 1) > 1):
        return max(on_screen or [int(r["t"]) for r in refs])
    return int(check["window"][1])


def _may_show(folder: Path, attachment: Mapping[str, Any]) -> Path | None:
    name = str(attachment.get("file", ""))
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if (
        not name.endswith(".png")
        or RESTRICTED_FOLDER in parts
        or ".." in parts
        or attachment.get("access", OPEN) != OPEN
    ):
        return None
    path = folder / name
    inside = path.resolve()
    if not inside.is_file() or not inside.is_relative_to(folder.resolve()) or RESTRICTED_FOLDER in inside.parts:
        return None
    return path


def _instant(attachment: Mapping[str, Any]) -> float | None:
    found = _SHOWN_AT.search(str(attachment.get("name", "")))
    return float(found[1]) if found else None


def _thinned(checks: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """At most about MOST_DOTS values, the least and the greatest among them; what did not pass stays."""
    count = sum(len(c["values"]) if c.get("values") else 1 for c in checks)
    if count <= MOST_DOTS:
        return list(checks)
    step = -(-count // MOST_DOTS)
    kept: list[Mapping[str, Any]] = []
    for check in checks:
        if check["verdict"] == "PASS" and check.get("values"):
            ordered = sorted(v for v in check["values"] if v is not None)
            kept.append({**check, "values": [*ordered[::step], *ordered[-1:]]})
        else:
            kept.append(check)
    single = [c for c in kept if not c.get("values") and c["verdict"] == "PASS" and c["value"] is not None]
    if len(single) > MOST_DOTS:
        ordered_checks = sorted(single, key=lambda c: c["value"])
        wanted = {id(c) for c in (*ordered_checks[:: -(-len(single) // MOST_DOTS)], ordered_checks[-1])}
        kept = [c for c in kept if id(c) in wanted or c not in single]
    return kept
