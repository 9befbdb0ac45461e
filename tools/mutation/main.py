"""The command: ``tools/mutants CAMPAIGN``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from harness.foundation.clock import stopwatch
from mutation import campaign as campaigns
from mutation import equivalent, imports, told
from mutation.baseline import Baseline, measure
from mutation.campaign import Campaign
from mutation.choose import Chooser
from mutation.mutants import Mill
from mutation.sample import draw
from mutation.server import Fire, Server, Shot, in_child, preload, unit_tests
from mutation.shot import Limits
from mutation.stage import Stage, collected
from mutation.typed import refused

HERE = Path(__file__).parent


def main(arguments: list[str], root: Path) -> int:
    """0: enough were killed; 1: not; 2: wrong use; 130: interrupted, and the same command goes on."""
    options = _options().parse_args(arguments)
    try:
        campaign = campaigns.load(options.campaigns, options.campaign, options.root or root)
        excuses = equivalent.load(options.equivalent)
        return _run(campaign, excuses, options)
    except ValueError as why:
        print(f"mutants: {why}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("mutants: stopped; the same command goes on", file=sys.stderr)
        return 130


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mutants", description="Mutation testing; see docs/reference/mutants.md")
    parser.add_argument("campaign", help="a name from campaigns.yaml: headunit or judging")
    parser.add_argument("--sample", type=int, default=300, help="so many mutants, in proportion to the files (300)")
    parser.add_argument("--all", action="store_true", help="every mutant: hours")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (1)")
    parser.add_argument("--only", default="", help="mutants of files whose path holds this")
    parser.add_argument("--cases", type=int, default=0, help="ask no more than so many tests about a mutant (all)")
    parser.add_argument("--workers", type=int, default=1, help="mutants tried at once (1)")
    parser.add_argument("--hang", type=float, default=15.0, help="seconds a test may take in any case (15)")
    parser.add_argument(
        "--out", type=Path, help="folder of results (reports/mutants-CAMPAIGN); goes on if there is one"
    )
    parser.add_argument("--retry", action="store_true", help="measure the tests anew and try what had survived again")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--campaigns", type=Path, default=HERE / "campaigns.yaml", help=argparse.SUPPRESS)
    parser.add_argument("--equivalent", type=Path, default=HERE / "equivalent.yaml", help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    return parser


def _run(campaign: Campaign, excuses: list[equivalent.Excuse], options: argparse.Namespace) -> int:
    watch = stopwatch()
    out = (options.out or campaign.root / "reports" / f"mutants-{campaign.name}").resolve()
    out.mkdir(parents=True, exist_ok=True)
    os.chdir(campaign.root)
    results = _results(out, campaign, retry=options.retry)
    baseline = _baseline(campaign, out, anew=options.retry)
    edges = imports.graph(campaign.root, campaign.package_root)
    chooser = Chooser(baseline, edges, campaign.modules(), cars=campaign.kind == "scenarios")
    mills = [Mill(campaign.root, s) for s in campaign.sources if options.only in s.as_posix()]
    drawn = draw([len(mill) for mill in mills], None if options.all else options.sample, options.seed)
    affected = imports.standing_on(edges, campaign.modules())
    preload(baseline.preload, sorted(edges.keys() - affected - {f"{campaign.package_root}.__main__"}))

    stillborn = _stillborn(campaign, [(mills[file], number) for file, number in drawn], out)

    chosen: list[dict[str, Any]] = []
    """The results of this sample."""
    todo: list[tuple[Mill, int]] = []
    for file, number in drawn:
        mill = mills[file]
        mutant = mill.mutant(number)
        excuse = equivalent.excused(excuses, mutant, mill.text.splitlines()[mutant.line - 1])
        if mutant.id in stillborn:
            chosen.append({**mutant.to_json(), "fate": "refused", "why": "mypy"})
        elif excuse is not None:
            chosen.append({**mutant.to_json(), "fate": excuse.kind, "why": excuse.why})
        elif mutant.id in results:
            chosen.append(results[mutant.id])
        else:
            todo.append((mill, number))

    def shots() -> Iterator[Shot]:
        for mill, number in todo:
            mutant = mill.mutant(number)
            yield Shot(
                mutant,
                campaign.module(mill.source),
                mill.code(number),
                tuple(chooser.tests(mutant)[: options.cases or None]),
            )

    def perform(fire: Fire) -> None:
        server = Server(fire, out / "running")
        with (out / "results.jsonl").open("a", encoding="utf-8") as kept:
            for shot, row in server.run(shots(), options.workers):
                result = {**shot.mutant.to_json(), **row}
                chosen.append(result)
                kept.write(json.dumps(result, ensure_ascii=False) + "\n")
                kept.flush()
                if row["fate"] == "failed":
                    chooser.killed(shot.mutant, row["case"])
                _progress(chosen, len(drawn), len(todo), watch())

    interrupted = False
    try:
        if todo:
            _campaign(campaign, Limits(baseline.costs, options.hang), out / "running", perform)
    except KeyboardInterrupt:
        interrupted = True
        print("mutants: stopped; the same command goes on. So far:", file=sys.stderr)
    facts = {"seed": options.seed, "mutants": sum(map(len, mills)), "tried": len(chosen), "digest": campaign.digest()}
    document = told.summary(campaign, chosen, {**facts, "wall_s": round(watch(), 1)})
    (out / "mutants.json").write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(document, ensure_ascii=False) if options.json else told.text(document))
    return 130 if interrupted else 0 if document["enough"] else 1


def _stillborn(campaign: Campaign, drawn: list[tuple[Mill, int]], out: Path) -> set[str]:
    """Ids of the mutants that the type checker refuses; what it has said is kept in ``types.json``."""
    place = out / "types.json"
    known: dict[str, bool] = json.loads(place.read_text("utf-8")) if place.is_file() else {}
    ids = {(mill.source, number): mill.mutant(number).id for mill, number in drawn}
    asked = [(mill, number) for mill, number in drawn if ids[mill.source, number] not in known]
    if asked and campaign.types:
        print(f"mutants: the type checker reads {len(asked)} mutants", file=sys.stderr, flush=True)
    bad = refused(campaign, asked, out / "types")
    known |= {ids[mill.source, number]: (mill.source, number) in bad for mill, number in asked}
    place.write_text(json.dumps(known), encoding="utf-8")
    return {id_ for id_ in ids.values() if known[id_]}


def _campaign(campaign: Campaign, limits: Limits, folder: Path, perform: Callable[[Fire], None]) -> None:
    if campaign.kind != "scenarios":
        perform(unit_tests(lambda place: _pytest(campaign, place), limits))
        return

    def on_stage(stage: Stage) -> None:
        perform(lambda shot, place, report: stage.fire(shot.tests, limits, place, report))

    folder.mkdir(parents=True, exist_ok=True)
    collected([*_pytest(campaign, folder / "collected"), *campaign.tests], folder.parent / "collected.log", on_stage)


def _pytest(campaign: Campaign, place: Path) -> list[str]:
    extra = [f"--hil-out={place / 'out'}"] if campaign.kind == "scenarios" else []
    return [*campaign.pytest, *extra, f"--basetemp={place / 'tmp'}"]


def _results(out: Path, campaign: Campaign, *, retry: bool) -> dict[str, dict[str, Any]]:
    """What is known from before. ValueError when it is of other sources."""
    stamp = out / "sources.txt"
    if stamp.is_file() and stamp.read_text("utf-8").strip() != campaign.digest():
        raise ValueError(f"{out} holds results of other sources; name a new folder with --out")
    stamp.write_text(campaign.digest() + "\n", encoding="utf-8")
    file = out / "results.jsonl"
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.is_file() else []
    return {row["id"]: row for row in rows if not (retry and row["fate"] in ("survived", "broken"))}


def _baseline(campaign: Campaign, out: Path, *, anew: bool) -> Baseline:
    place = out / "baseline.json"
    if anew or not place.is_file():
        print("mutants: the tests with the original", file=sys.stderr, flush=True)
        scratch = out / "running" / "baseline"
        scratch.mkdir(parents=True, exist_ok=True)
        in_child(lambda: measure(campaign, place, _pytest(campaign, scratch)))
        if not place.is_file():
            raise ValueError(f"the tests could not be run; see {place.with_suffix('.log')}")
    baseline = Baseline.load(place)
    for name in baseline.red:
        print(f"mutants: red without any mutant, so not asked: {name}", file=sys.stderr)
    if not baseline.costs:
        raise ValueError(f"there are no tests; see {place.with_suffix('.log')}")
    return baseline


def _progress(chosen: list[dict[str, Any]], all_: int, todo: int, seconds: float) -> None:
    done = todo - (all_ - len(chosen))
    left = seconds / max(1, done) * (all_ - len(chosen))
    survived = sum(r["fate"] == "survived" for r in chosen)
    text = f"{len(chosen)} of {all_}, {survived} survived, {left / 60:.0f} min left: {chosen[-1]['id']}"
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="\n" if len(chosen) == all_ else "", file=sys.stderr, flush=True)
    elif len(chosen) % 20 == 0 or len(chosen) == all_:
        print(f"mutants: {text}", file=sys.stderr, flush=True)
