"""The plain shape between the formats: requirements as mappings, as they stand in the YAML files.

``Entries`` holds by id the fields of the requirement file (docs/reference/requirement-file.md). Formats without
nesting carry a requirement and each of its limits as *records* of texts; an empty text is a field that is not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.foundation.config import Located, load_yaml
from harness.foundation.errors import BadInput
from harness.judging.requirements import LEVELS, SCHEMA, load_requirements, read_requirements

Entry = dict[str, Any]
Entries = dict[str, Entry]
Record = Mapping[str, str]

FREE = ("title", "text", "rationale", "title_zh", "text_zh", "rationale_zh", "watch_source")
"""Fields of a requirement that hold what people wrote, white space included."""
FIELDS = (
    "title",
    "text",
    "rationale",
    "title_zh",
    "text_zh",
    "rationale_zh",
    "version",
    "status",
    "needs",
    *(f"samples_{level}" for level in LEVELS),
    "from",
    "watch",
    "watch_source",
    "patience",
    "statistic",
)
LIMIT_FREE = ("source", "edition", "clause", "verified_by")
LIMIT_FIELDS = ("max", "min", "value", "tolerance", "equals", "source", "edition", "clause", "status", "verified_by")


def read_entries(folder: Path) -> Entries:
    """Of a folder of YAML files, checked. BadInput or SeveralBadInputs as for a run."""
    known = load_requirements(folder)
    found: Entries = {}
    for path in sorted(folder.glob("*.yaml")):
        found |= load_yaml(path).data["requirements"]
    return {name: found[name] for name in known}


def records_of(name: str, entry: Entry) -> tuple[dict[str, str], list[dict[str, str]]]:
    """A requirement as one record of texts (with "id") and one per limit (with "quantity")."""
    flat = {"id": name}
    samples = entry.get("samples", {})
    for field in FIELDS:
        if field == "needs":
            flat[field] = ", ".join(entry.get("needs", ()))
        elif field.startswith("samples_"):
            flat[field] = str(samples.get(field.removeprefix("samples_"), ""))
        else:
            flat[field] = str(entry.get(field, ""))
    limits = [
        {"quantity": quantity, **{field: str(limit.get(field, "")) for field in LIMIT_FIELDS}}
        for quantity, limit in entry.get("limits", {}).items()
    ]
    return flat, limits


def entry_of(record: Record, limits: Sequence[Record] = ()) -> Entry:
    """The other way. Texts that should be numbers and are none stay as they are: the check will name them."""
    entry: Entry = {}
    for field in FIELDS:
        text = record.get(field, "")
        text = text if field in FREE else text.strip()
        if not text:
            continue
        if field == "needs":
            entry["needs"] = [part.strip() for part in text.split(",") if part.strip()]
        elif field.startswith("samples_"):
            entry.setdefault("samples", {})[field.removeprefix("samples_")] = _number(text)
        else:
            entry[field] = _number(text) if field == "version" else text
    if limits:
        entry["limits"] = {
            limit["quantity"]: {
                field: text if field in LIMIT_FREE else text.strip()
                for field in LIMIT_FIELDS
                if (text := limit.get(field, "")).strip()
            }
            for limit in limits
        }
    return entry


def accept(path: Path, entries: Entries, lines: Mapping[tuple[str | int, ...], int]) -> list[str]:
    """Fill in what another tool does not know, and hold the rest to what the YAML files are held to.

    Returns what was filled in. BadInput or SeveralBadInputs name the file, the line of the object (``lines``: by id,
    then field), the value and the remedy.
    """
    if not entries:
        raise BadInput(path, None, "", "no requirement in it", "Export them again, with their ids.")
    notes = []
    defaults = {"rationale": f"not given in {path.name}", "version": 1, "status": "draft"}
    for field, value in defaults.items():
        without = [name for name, entry in entries.items() if field not in entry]
        for name in without:
            entries[name][field] = value
        if without:
            notes.append(f"{len(without)} without {field}, taken as {value!r}: {_few(without)}")
    here = {("requirements", *where): line for where, line in lines.items()}
    read_requirements(Located(path, {"schema": SCHEMA, "requirements": entries}, here))
    return notes


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")


def write_entries(folder: Path, entries: Entries) -> list[Path]:
    """One YAML file per group of ids ("btn.yaml"). BadInput when ``folder`` already holds such files."""
    import yaml

    groups: dict[str, Entries] = {}
    for name, entry in entries.items():
        groups.setdefault(name.partition("-")[0].lower(), {})[name] = entry
    paths = [folder / f"{group}.yaml" for group in groups]
    there = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if there:
        raise BadInput("command line", None, str(folder), f"already holds {there[0].name}", "Name a new folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, group in zip(paths, groups.values(), strict=True):
            text = yaml.safe_dump(
                {"schema": SCHEMA, "requirements": group}, allow_unicode=True, sort_keys=False, width=120
            )
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as why:
        raise BadInput(
            "command line", None, str(folder), f"cannot be written: {why.strerror}", "Name another."
        ) from why
    return paths


def _number(text: str) -> int | str:
    return int(text) if text.strip().isascii() and text.strip().isdigit() else text
