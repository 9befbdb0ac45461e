"""CSV: a line per limit, and one for a requirement without any; the requirement's own fields stand on each.

Written for spreadsheets: UTF-8 with a byte order mark, quotes where needed. Read with or without the mark, with commas
or semicolons; a requirement's own fields may be left empty on its further lines.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from harness.evidence.exchange.entries import FIELDS, FREE, LIMIT_FIELDS, Entries, accept, entry_of, records_of
from harness.evidence.exchange.trace import Trace
from harness.evidence.wording import plain, show_margin, show_value
from harness.foundation.config import suggest
from harness.foundation.errors import BadInput


class Rows(Protocol):
    """What ``csv.reader`` gives."""

    @property
    def line_num(self) -> int: ...

    def __next__(self) -> list[str]: ...


_LIMIT = {field: f"limit_{field}" if field in FIELDS else field for field in LIMIT_FIELDS}
"""Column of each field of a limit; "status" is the requirement's, so the limit's is "limit_status"."""
COLUMNS = ("id", *FIELDS, "quantity", *_LIMIT.values())
TRACE = ("scenarios", "measured_by", "defects", "verdicts")
"""Columns that follow from other files; passed over when read."""


def write_csv(trace: Trace) -> str:
    """The matrix as text, with the byte order mark that makes spreadsheets read it as UTF-8."""
    text = io.StringIO()
    writer = csv.DictWriter(text, (*COLUMNS, *TRACE), lineterminator="\r\n")
    writer.writeheader()
    for name, entry in trace.entries.items():
        flat, limits = records_of(name, entry)
        flat["scenarios"] = "\n".join(s.id for s in trace.scenarios_of(name)) or "none"
        flat["defects"] = "\n".join(d.id for d in trace.defects_of(name)) or "none"
        flat["verdicts"] = "\n".join(_verdict(car, cell) for car, cell in trace.verdicts_of(name)) or "NOT EXECUTED"
        for limit in limits or [{}]:
            row = {**flat, "quantity": limit.get("quantity", "")}
            row |= {column: limit.get(field, "") for field, column in _LIMIT.items()}
            row["measured_by"] = "\n".join(s.id for s in trace.measuring(name, row["quantity"]))
            writer.writerow(row)
    return "\ufeff" + text.getvalue()


def _verdict(car: str, cell: Mapping[str, Any]) -> str:
    worst = cell.get("worst")
    figure = ""
    if isinstance(worst, dict):
        unit = str(worst["unit"])
        value, margin = show_value(worst["value"], unit), show_margin(worst["margin"], unit)
        figure = f", {worst['quantity']} {value}, margin {margin}"
    return f"{car}: {plain(str(cell['verdict']))}{figure}"


def read_csv(path: Path) -> tuple[Entries, list[str]]:
    """The requirements, and what was left out. BadInput or SeveralBadInputs with file, line, value and remedy."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as why:
        raise BadInput(path, None, "", f"cannot be read: {why}", "It must be a CSV text in UTF-8.") from why
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        head = [cell.strip() for cell in next(reader, [])]
        notes = _head(path, head)
        found, limits, lines = _rows(path, head, reader)
    except csv.Error as why:
        problem = f"line {reader.line_num} is no CSV: {why}"
        raise BadInput(path, reader.line_num, "", problem, "Check its quotes.") from why
    entries = {name: entry_of(record, limits[name]) for name, record in found.items()}
    return entries, [*notes, *accept(path, entries, lines)]


def _head(path: Path, head: list[str]) -> list[str]:
    for needed in ("id", "title", "text"):
        if needed not in head:
            raise BadInput(path, 1, ", ".join(head)[:80], f"no column {needed!r}", suggest(needed, head or ["nothing"]))
    twice = next((c for c in head if c and head.count(c) > 1), None)
    if twice:
        raise BadInput(path, 1, twice, "the column stands twice", "Keep one of them.")
    other = [c for c in head if c and c not in (*COLUMNS, *TRACE)]
    return [f"columns left out: {', '.join(other)}"] if other else []


def _rows(
    path: Path, head: list[str], reader: Rows
) -> tuple[dict[str, dict[str, str]], dict[str, list[dict[str, str]]], dict[tuple[str | int, ...], int]]:
    """Records by id, their limits, and the line on which each stands."""
    found: dict[str, dict[str, str]] = {}
    limits: dict[str, list[dict[str, str]]] = {}
    lines: dict[tuple[str | int, ...], int] = {}
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return found, limits, lines
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(head):
            raise BadInput(path, line, cells[-1][:40], "more cells than columns", "Put texts with commas into quotes.")
        row = dict(zip(head, cells, strict=False))
        name = row["id"].strip()
        if not name:
            raise BadInput(path, line, cells[0][:40], "the id is missing", "Write the id of the requirement.")
        record = {field: row.get(field, "") for field in FIELDS}
        if name in found:
            for field, text in record.items():
                same = text if field in FREE else text.strip()
                if same.strip() and same != found[name][field] and same != found[name][field].strip():
                    known = f"line {lines[name,]} has another {field} for {name}"
                    raise BadInput(
                        path, line, f"{name}.{field} = {text[:40]!r}", known, "Write the same, or leave it empty."
                    )
        else:
            found[name], limits[name], lines[name,] = record, [], line
        quantity = row.get("quantity", "").strip()
        limit = {field: row.get(column, "") for field, column in _LIMIT.items()}
        if not quantity:
            if any(text.strip() for text in limit.values()):
                raise BadInput(path, line, name, "a limit without its quantity", "Name it in 'quantity': latency.")
            continue
        if (name, "limits", quantity) in lines:
            raise BadInput(path, line, f"{name}.{quantity}", "the limit stands twice", "Keep one of them.")
        limits[name].append({"quantity": quantity, **limit})
        lines[name, "limits", quantity] = line
