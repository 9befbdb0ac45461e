"""needs.json, the exchange file of sphinx-needs: requirements, limits, scenarios and defects as needs with links.

Types: ``req``; ``limit``, linked to its requirement; ``test`` and ``defect``, linked to what they verify and violate.
Every further field is a text, as sphinx-needs' extra options are. Read: needs of type ``req`` or ``requirement`` of the
file's current version, with their ``limit`` needs; the text may be in ``content`` or, in older files,
``description``.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from harness.evidence.exchange.entries import (
    FIELDS,
    LIMIT_FIELDS,
    Entries,
    accept,
    entry_of,
    records_of,
)
from harness.evidence.exchange.results import RESULT_FIELDS, Figure
from harness.evidence.exchange.trace import Trace
from harness.foundation.config import suggest
from harness.foundation.errors import BadInput
from harness.judging.requirements import limit_text

VERSION = "1"
_READ = ("req", "requirement")
_FOLLOWS = ("test", "defect", "result")
"""Types that follow from other files; passed over when read."""
_RENAMED = {"text": "content", "needs": "car_needs"}
_LIMIT = {field: f"limit_{field}" if field == "status" else field for field in LIMIT_FIELDS}


def write_needs(trace: Trace) -> str:
    """The file's text; the same trace gives the same bytes."""
    needs: dict[str, dict[str, Any]] = {}

    def add(id_: str, kind: str, title: str, links: list[str], **fields: str) -> None:
        content = fields.pop("content", "")
        needs[id_] = {"id": id_, "type": kind, "title": title, "content": content, "links": links, "tags": [], **fields}

    for name, entry in trace.entries.items():
        flat, limits = records_of(name, entry)
        fields = {_RENAMED.get(f, f): flat[f] for f in FIELDS if f != "title"}
        verdicts = [f"{car}: {cell['verdict']}" for car, cell in trace.verdicts_of(name)]
        add(name, "req", flat["title"], [], **fields, verdicts=", ".join(verdicts) or "NOT_EXECUTED")
        for limit in limits:
            quantity = limit["quantity"]
            title = f"{quantity} {limit_text(entry['limits'][quantity])}"
            texts = {column: limit[field] for field, column in _LIMIT.items()}
            add(f"{name}_{quantity}", "limit", title, [name], quantity=quantity, **texts)
    for scenario in trace.scenarios:
        links = [*scenario.requirements, *(f"{r}_{q}" for r, q in scenario.measures if r in trace.entries)]
        add(_id(scenario.id), "test", scenario.name, links)
    for defect in trace.defects:
        add(defect.id, "defect", defect.symptom, list(defect.requirements))
    for result in trace.results:
        links = [r for r in result.requirements if r in trace.entries]
        title = result.texts["title"] or result.scenario
        fields = {f: result.texts[f] for f in RESULT_FIELDS if f not in ("title", "started")}
        fields["figures"] = "\n".join(_figure(figure) for figure in result.figures)
        case = _id(result.scenario)
        add(_id(result.id), "result", title, [*([case] if case in needs else []), *links], **fields)
    version = {"needs_amount": len(needs), "needs": needs, "filters": {}, "filters_amount": 0}
    document = {"project": "headunit-hil", "current_version": VERSION, "versions": {VERSION: version}}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _id(name: str) -> str:
    """In a link, sphinx-needs takes brackets for a condition on where it leads, and what follows a dot for a part of
    it."""
    return name.translate({ord("["): "(", ord("]"): ")", ord("."): "_"})


def _figure(figure: Figure) -> str:
    """One line: what was measured, within which bounds, against which limit."""
    text = figure.texts
    unit = "" if text["unit"] == "1" else f" {text['unit']}"
    found = f"{text['value']}{unit}" if text["value"] else "never"
    bounds = f" (-{text['minus']}/+{text['plus']})" if text["minus"] or text["plus"] else ""
    return f"{text['verdict']} {figure.requirement} {figure.quantity} {found}{bounds}, limit {text['limit']}"


def read_needs(path: Path) -> tuple[Entries, list[str]]:
    """The requirements, and what was left out. BadInput or SeveralBadInputs with file, line, value and remedy."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        document = json.loads(text, object_pairs_hook=_once)
    except (OSError, UnicodeDecodeError) as why:
        raise BadInput(path, None, "", f"cannot be read: {why}", "It must be a JSON text in UTF-8.") from why
    except json.JSONDecodeError as why:
        raise BadInput(path, why.lineno, "", f"not JSON: {why.msg}", "Export it again.") from why
    except _Twice as why:
        line = _Lines(text).of(why.key)
        raise BadInput(path, line, why.key, "the key stands twice in one object", "Keep one of them.") from None
    except RecursionError as why:
        raise BadInput(path, None, "", "lists lie too deep", "Export it again.") from why
    needs = _needs(path, document)
    lines = _Lines(text)
    records: dict[str, dict[str, str]] = {}
    limits: dict[str, list[dict[str, str]]] = {}
    places: dict[tuple[str | int, ...], int] = {}
    others = 0
    for id_, need in needs.items():
        line = lines.of(id_)
        if not isinstance(need, dict):
            raise BadInput(path, line, id_, "is no need", "A need is an object with id, type and title.")
        kind = str(need.get("type", ""))
        texts = {key: _text(value) for key, value in need.items()}
        if kind in _READ:
            content = texts.get("content") or texts.get("description", "")
            record = {f: texts.get(_RENAMED.get(f, f), "") for f in FIELDS}
            name = str(need.get("id") or id_)
            if name in records:
                raise BadInput(path, line, name, "the id stands twice", "Give one of them another id.")
            records[name] = {**record, "text": content}
            places[name,] = line
            for field in FIELDS:
                places[name, field] = lines.of(id_, _RENAMED.get(field, field)) if record[field] else line
            limits.setdefault(name, [])
        elif kind == "limit":
            name, quantity = _owner(path, line, id_, need, needs), texts.get("quantity", "").strip()
            if not quantity:
                raise BadInput(path, line, id_, "a limit without its quantity", "Add 'quantity', such as latency.")
            if any(quantity == other["quantity"] for other in limits.get(name, ())):
                raise BadInput(path, line, f"{name}.{quantity}", "the limit stands twice", "Keep one of them.")
            limit = {f: texts.get(column, "") for f, column in _LIMIT.items()}
            limits.setdefault(name, []).append({"quantity": quantity, **limit})
            places[name, "limits", quantity] = line
            for field, column in _LIMIT.items():
                places[name, "limits", quantity, field] = lines.of(id_, column) if limit[field] else line
        elif kind not in _FOLLOWS:
            others += 1
    entries = {name: entry_of(record, limits[name]) for name, record in records.items()}
    notes = [f"{others} needs of other types left out"] if others else []
    return entries, [*notes, *accept(path, entries, places)]


def _needs(path: Path, document: Any) -> dict[str, Any]:
    versions = document.get("versions") if isinstance(document, dict) else None
    if not isinstance(versions, dict) or not versions:
        raise BadInput(path, 1, "", "no needs.json: it has no 'versions'", "Build it with sphinx-needs' needs builder.")
    current = str(document.get("current_version", ""))
    if current not in versions and len(versions) > 1:
        raise BadInput(path, 1, f"current_version = {current!r}", "no such version", suggest(current, versions))
    chosen = versions.get(current, next(iter(versions.values())))
    needs = chosen.get("needs") if isinstance(chosen, dict) else None
    if not isinstance(needs, dict):
        raise BadInput(path, 1, f"version {current!r}", "has no 'needs'", "Build it again with sphinx-needs.")
    return needs


def _owner(path: Path, line: int, id_: str, need: dict[str, Any], needs: dict[str, Any]) -> str:
    links = need.get("links")
    owner = next((str(link) for link in links if link in needs), "") if isinstance(links, list) else ""
    if not owner or not isinstance(needs[owner], dict) or needs[owner].get("type") not in _READ:
        raise BadInput(
            path, line, id_, "the limit is linked to no requirement", "Put the requirement's id into 'links'."
        )
    return str(needs[owner].get("id") or owner)


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


class _Twice(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON readers keep the last of two keys and lose the first without a word."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key)
        found[key] = value
    return found


class _Lines:
    """On which line an object of the needs, or a key in it, stands; JSON readers do not tell."""

    def __init__(self, text: str) -> None:
        self._text = text
        begin = re.search(r'"needs"\s*:\s*\{', text)
        self._begin = begin.end() if begin else 0

    def of(self, id_: str, key: str = "") -> int:
        at = self._find(id_, self._begin)
        if key and at >= 0:
            inner = self._find(key, at + 1)
            at = inner if inner >= 0 else at
        return self._text.count("\n", 0, max(at, 0)) + 1

    def _find(self, key: str, start: int) -> int:
        spelled = {json.dumps(key), json.dumps(key, ensure_ascii=False)}
        found = re.compile(r"(?:" + "|".join(map(re.escape, spelled)) + r")\s*:").search(self._text, start)
        return found.start() if found else -1
