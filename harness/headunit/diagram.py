"""A machine's table as a state diagram (Mermaid), for the documents: drawn from what runs, never out of date."""

from __future__ import annotations

from harness.headunit.blueprint import Blueprint


def mermaid(blueprint: Blueprint, table: str) -> str:
    """``stateDiagram-v2`` text of one machine; events that lead from one state to the same other share an arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (state, event), (to, _) in blueprint.tables[table].items():
        arrows.setdefault((state, to), []).append(event.__name__)
    lines = ["stateDiagram-v2", f"    [*] --> {blueprint.initial[table]}"]
    lines += [f"    {state} --> {to}: {', '.join(sorted(events))}" for (state, to), events in sorted(arrows.items())]
    return "\n".join(lines) + "\n"
