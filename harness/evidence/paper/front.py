"""Cover, identification and conditions: who, what, where, when, with what; and what of it nobody said.

Each field of ISO/IEC 17025:2017, 7.8.2.1 a to p is here, in order, with its letter. A field knows where its content
came from and, while it is empty, where somebody could give it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.evidence.paper.conditions import kept_calibrations
from harness.evidence.paper.lab import Party
from harness.evidence.paper.material import Material, fingerprint
from harness.foundation.values import Verdict, worst

LETTERS = "abcdefghijklmnop"


@dataclass(frozen=True)
class Field:
    """One line: ``place`` is where it comes from or could be given ("customer.name" in lab.yaml)."""

    label: str
    value: str
    origin: str
    place: str = ""
    letter: str = ""

    def to_json(self) -> dict[str, str]:
        return {"label": self.label, "value": self.value, "origin": self.origin, "letter": self.letter}


def identification(material: Material, chapters: Mapping[str, int]) -> list[Field]:
    """The sixteen fields in order of their letters; several lines may share a letter."""
    w, lab, run = material.words, material.lab, material.run
    version = str(dict(run.get("versions") or {}).get("headunit-hil", ""))
    results, changed = chapters["s_results"], chapters["s_deviations"]
    left = sum(1 for row in run["requirements"] if not any(cell["cases"] for cell in row["cars"].values()))
    accepted = sum("deviation" in case for case in run["cases"])
    method = w["f_text"].format(version=version or "?", n=chapters["s_requirements"])
    return [
        _own(material, "a", f"{w['title']}: {w['subtitle']}"),
        _lab(material, "b", _party(lab.laboratory, "name", "address"), "laboratory.name"),
        *_when_empty(material, "b", lab.laboratory.address, "laboratory.address"),
        _lab(material, "c", lab.place, "place"),
        _own(material, "d", w["d_text"].format(number=material.number)),
        _lab(material, "e", _party(lab.customer, "name", "address", "contact"), "customer.name"),
        _run(material, "f", method),
        Field(w["f_f_spec"], _specification(material), w["from_lab"], "method.specification", "f"),
        Field(w["f_g"], _item(material), w["from_lab"] if not material.simulated else w["from_run"],
              "item.description", "g"),
        *([] if material.simulated else _when_empty(material, "g", lab.item.serial, "item.serial")),
        _lab(material, "h", _dates(material), "item.received"),
        _run(material, "i", dates(material)),
        _lab(material, "j", lab.report.issued, "report.issued"),
        Field(w["f_k"], "; ".join(p for p in (w["k_text"], lab.method.sampling) if p), w["from_run"], "", "k"),
        _own(material, "l", f"{w['relates']} {w['whole']}"),
        _own(material, "m", w["m_text"].format(n=results)),
        Field(w["f_n"], w["n_text"].format(deviations=accepted, left=left, n=changed), w["from_run"], "", "n"),
        _lab(material, "o", lab.authorises.shown, "authorises.name"),
        _lab(material, "p", lab.external, "external"),
    ]  # fmt: skip


def cover(material: Material, chapters: Mapping[str, int]) -> dict[str, Any]:
    """What the first page shows: outcome, parties, item, dates, people."""
    w, lab, run = material.words, material.lab, material.run
    verdict = Verdict.ERROR if run.get("crash") else worst(Verdict(v) for v in run["totals"])
    left = sum(not any(cell["cases"] for cell in row["cars"].values()) for row in run["requirements"])
    cells = Counter(cell["verdict"] for row in run["requirements"] for cell in row["cars"].values())
    return {
        "verdict": str(verdict),
        "part": w["outcome_part"].format(n=left) if left else "",
        "seen": [v for v in map(str, Verdict) if run["totals"].get(v) or cells[v]],
        "cases": {v: str(n) for v, n in run["totals"].items()},
        "requirements": {v: str(n) for v, n in cells.items()},
        "cars": [{"id": car, "name": _car(car, data), "counts": counts}
                 for (car, data), counts in zip(run["cars"].items(), _by_car(material), strict=True)],
        "laboratory": _party(lab.laboratory, "name", "address", "contact"),
        "customer": _party(lab.customer, "name", "address", "contact"),
        "item": _item(material, cars=False),
        "rule": w["rule_cover"].format(n=chapters["s_rule"]),
        "software": software(material),
        "dates": dates(material),
        "place": lab.place,
        "ran": "; ".join(person.shown for person in lab.ran),
        "authorises": lab.authorises.shown,
        "issued": lab.report.issued,
        "simulated": w["simulated_cover"] if material.simulated else "",
        "example": w["example"] if lab.example else "",
    }  # fmt: skip


def lacking(material: Material, fields: list[Field]) -> list[tuple[str, str]]:
    """(what is missing, where to give it), without repeating itself."""
    w, lab = material.words, material.lab
    where = w["from_lab"]
    found = [(f"{f.letter}) {f.label}", f"{where}: {f.place}") for f in fields if f.place and not f.value]
    if lab.example:
        found.insert(0, (w["example"], f"{where}: example"))
    more = [
        (w["software"], software(material), "item.software"),
        (w["ran_by"], "".join(p.shown for p in lab.ran), "ran"),
        (w["temperature"], lab.environment.temperature, "environment.temperature"),
        (w["humidity"], lab.environment.humidity, "environment.humidity"),
        (f"{w['spec_name']}: {w['spec_version']}", lab.method.version, "method.version"),
        (f"{w['spec_name']}: {w['spec_approved']}", lab.method.approved_by, "method.approved_by"),
    ]
    if not material.virtual:
        more.append((w["instruments"], "".join(i.name for i in lab.instruments), "instruments"))
    found += [(label, f"{where}: {place}") for label, value, place in more if not value]
    day = material.ended[:10]
    for n, one in enumerate(lab.instruments):
        said = " ".join(p for p in (w["instrument"], one.name, one.serial) if p)
        if not one.calibrated:
            found.append((f"{said}: {w['calibrated']}", f"{where}: instruments.{n}.calibrated"))
        if not one.due:
            found.append((f"{said}: {w['due']}", f"{where}: instruments.{n}.due"))
        elif day and one.due < day:
            found.append((f"{said}: {w['overdue']} ({one.due})", f"{where}: instruments.{n}.due"))
    for port, file, _, valid in kept_calibrations(material.rig):
        said = f"{w['calibrated']}: {port}"
        if not valid:
            found.append((said, f"{w['from_rig']}: {file}"))
        elif day and valid < day:
            found.append((f"{said}: {w['overdue']} ({valid})", f"{w['from_rig']}: {file}"))
    if not material.virtual and not material.facts.get("rig_check"):
        found.append((w["self_check_none"], "hil rig check"))
    return list(dict.fromkeys(found))


def software(material: Material) -> str:
    """The unit's software as the run read it, else as the laboratory says, else of the simulator."""
    read = str(material.run.get("software") or "") or material.lab.item.software
    return read or (_simulator(material) if material.simulated else "")


def dates(material: Material) -> str:
    """Start and end, UTC, to the minute."""
    started, ended = (str(material.run.get(k) or "")[:16].replace("T", " ") for k in ("started", "ended"))
    if started[:10] == ended[:10]:
        ended = ended[11:]
    return f"{started} – {ended} UTC" if ended else f"{started} UTC" if started else ""


def specification(material: Material) -> dict[str, Any]:
    """Which requirements in which version, who approved them, and which cases were chosen."""
    w, run, method = material.words, material.run, material.lab.method
    approved = ", ".join(p for p in (method.approved_by, method.approved_on) if p)
    told: Mapping[str, Any] = material.facts.get("requirements") or {}
    command = str(run.get("command") or "")
    tested = sum(any(cell["cases"] for cell in row["cars"].values()) for row in run["requirements"])
    cases = len({(c["runner"], c["id"]) for c in run["cases"]})
    part = " -k" in command or "::" in command or "--no-sweep" in command or "scenarios/" in command
    return {
        "pairs": [
            [w["spec_name"], method.specification],
            [w["spec_version"], method.version],
            [w["spec_approved"], approved or w["spec_unapproved"]],
            [w["spec_count"], str(len(run["requirements"]))],
            [w["spec_print"], fingerprint(told) if told else ""],
            *([[w["spec_inputs"], inputs]] if (inputs := _inputs(material)) else []),
        ],
        "selection": [
            [w["command"], command],
            [w["selected"], w["selected_text"].format(cases=cases, tested=tested, all=len(run["requirements"]))],
            [w["selection"], w["selection_some" if part else "selection_all"]],
        ],
    }


def _inputs(material: Material) -> str:
    """One SHA-256 over those of every scenario, requirement, car and rig file of the run; "" for a run without."""
    try:
        files = json.loads((material.folder / "inputs.json").read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, LookupError, TypeError):
        return ""
    return fingerprint(files) if isinstance(files, dict) else ""


def _own(material: Material, letter: str, value: str) -> Field:
    return Field(material.words[f"f_{letter}"], value, material.words["from_report"], "", letter)


def _run(material: Material, letter: str, value: str) -> Field:
    return Field(material.words[f"f_{letter}"], value, material.words["from_run"], "", letter)


def _lab(material: Material, letter: str, value: str, place: str) -> Field:
    return Field(material.words[f"f_{letter}"], value, material.words["from_lab"], place, letter)


def _when_empty(material: Material, letter: str, value: str, place: str) -> list[Field]:
    """A line for a part of a field that nobody gave; nothing where it stands in the field already."""
    name = {"laboratory.address": "f_b_address", "item.serial": "f_g_serial"}[place]
    return [] if value else [Field(material.words[name], "", material.words["from_lab"], place, letter)]


def _party(party: Party, *names: str) -> str:
    return "\n".join(part for name in names if (part := str(getattr(party, name))))


def _simulator(material: Material) -> str:
    version = str(dict(material.run.get("versions") or {}).get("headunit-hil", "?"))
    return material.words["simulated"].format(version=version)


def _item(material: Material, *, cars: bool = True) -> str:
    w, item = material.words, material.lab.item
    told = [item.description]
    told += [f"{w[name]}: {value}" for name in ("maker", "type", "hardware", "serial", "condition")
             if (value := str(getattr(item, name)))]  # fmt: skip
    if material.simulated:
        told.insert(0, _simulator(material))
    if not any(told):
        return ""
    named = [_car(car, data) for car, data in material.run["cars"].items()] if cars else []
    return "\n".join(part for part in (*told, *named) if part)


def _car(car: str, data: Mapping[str, Any]) -> str:
    name, note = str(data.get("name") or car), str(data.get("note") or "")
    shown = name if name == car else f"{car}: {name}"
    return f"{shown} ({note})" if note else shown


def _by_car(material: Material) -> list[dict[str, str]]:
    counts = {car: Counter(c["verdict"] for c in material.run["cases"] if c["vehicle"] == car)
              for car in material.run["cars"]}  # fmt: skip
    return [{v: str(n) for v, n in found.items()} for found in counts.values()]


def _specification(material: Material) -> str:
    method = material.lab.method
    return " ".join(part for part in (method.specification, method.version) if part)


def _dates(material: Material) -> str:
    w, item = material.words, material.lab.item
    named = ((w["received"], item.received), (w["sampled"], item.sampled))
    return "; ".join(f"{label} {day}" for label, day in named if day)
