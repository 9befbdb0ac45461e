"""What a campaign says: counts, shares, the table of survivors; for people and for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from mutation.campaign import Campaign
from mutation.sample import Share, share

Result = dict[str, Any]
EXCUSED = ("equivalent", "right", "refused")


def summary(campaign: Campaign, results: Sequence[Result], facts: dict[str, Any]) -> dict[str, Any]:
    """``killed`` is what the campaign is held to: failed, crashed and hung among all.

    ``judged`` is the stricter question: failed (an assertion, a FAIL verdict) among the mutants that work at all, which
    neither crashed nor hung. Mutants that the type checker refuses and excused ones are in neither.
    """
    counts = Counter(r["fate"] for r in results)
    failed, crashed, hung, survived = (counts[f] for f in ("failed", "crashed", "hung", "survived"))
    killed = share(failed + crashed + hung, failed + crashed + hung + survived)
    judged = share(failed, failed + survived)
    return {
        "campaign": campaign.name,
        "title": campaign.title,
        **facts,
        "counts": {f: counts[f] for f in ("failed", "crashed", "hung", "survived", *EXCUSED, "broken")},
        "killed": _json(killed),
        "judged": _json(judged),
        "wanted": campaign.wanted,
        "enough": killed.value >= campaign.wanted and not counts["broken"],
        "by_file": _by_file(results),
        "survivors": sorted((r for r in results if r["fate"] in ("survived", "broken")), key=_place),
        "excused": sorted((r for r in results if r["fate"] in EXCUSED[:2]), key=_place),
    }


def _place(result: Result) -> tuple[str, int]:
    return result["source"], result["line"]


def _json(share_: Share) -> dict[str, Any]:
    return {"count": share_.count, "of": share_.of, "share": share_.value, "low": share_.low, "high": share_.high}


def _by_file(results: Sequence[Result]) -> dict[str, dict[str, int]]:
    rows: dict[str, Counter[str]] = {}
    for result in results:
        rows.setdefault(result["source"], Counter())[result["fate"]] += 1
    return {source: dict(sorted(rows[source].items())) for source in sorted(rows)}


def text(told: dict[str, Any]) -> str:
    lines = [f"{told['title']}: {told['tried']} of {told['mutants']} mutants, seed {told['seed']}"]
    lines += [f"  {fate:<12} {count}" for fate, count in told["counts"].items() if count]
    for survivor in told["survivors"]:
        lines += ["", f"{survivor['source']}:{survivor['line']}  {survivor['operator']}  ({survivor['why']})"]
        lines += [f"    {line}" for line in survivor["diff"].splitlines()[:6]]
    killed, judged = (Share(r["count"], r["of"], r["low"], r["high"]) for r in (told["killed"], told["judged"]))
    lines += ["", f"killed   {killed}, wanted {told['wanted']:.0%}", f"judged   {judged}"]
    return "\n".join(lines)
