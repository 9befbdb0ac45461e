"""``hil evidence``: its words, and which module does what. Each command is imported when it is called."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path


def words(group: argparse.ArgumentParser) -> None:
    """All that can be said behind ``hil evidence``."""
    acts = group.add_subparsers(dest="what", required=True, metavar="WHAT")
    _pack(acts.add_parser("pack", help="everything of a run, as a folder and as a zip"))
    _keygen(acts.add_parser("keygen", help="make a pair of keys to seal packs with"))
    _seal(acts.add_parser("seal", help="sign a statement that names every file of a pack"))
    _verify(acts.add_parser("verify", help="does the seal of a pack hold, to the bit"))
    _tamper(acts.add_parser("tamper", help="attack sealed packs in thousands of ways: is each of them refused"))
    _rejudge(acts.add_parser("rejudge", help="measure and judge all of a run or pack again, from its recordings"))
    _canary(acts.add_parser("canary", help="is a secret of the run where everybody may read"))
    _paper(acts.add_parser("paper", help="the test report of a run as PDF/A-3b, to be signed"))


def evidence(options: argparse.Namespace) -> int:
    """Do what was asked for; its exit code."""
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "pack": _run_pack,
        "keygen": _run_keygen,
        "seal": _run_seal,
        "verify": _run_verify,
        "tamper": _run_tamper,
        "rejudge": _run_rejudge,
        "canary": _run_canary,
        "paper": _run_paper,
    }
    return commands[options.what](options)


def _pack(pack: argparse.ArgumentParser) -> None:
    pack.add_argument("run", type=Path, metavar="RUN", help="a run's folder, with its reports")
    pack.add_argument("--out", type=Path, required=True, metavar="PACK", help="writes the folder PACK and PACK.zip")
    pack.add_argument("--lang", choices=("zh", "en", "both"), default="both", help="PDF report's (default: both)")
    pack.add_argument("--without-restricted", action="store_true", help="leave files of class restricted out")
    pack.add_argument("--qualification", type=Path, metavar="DIR", help="what 'hil qualify' wrote about this suite")
    pack.add_argument("--no-words", dest="words", action="store_false", help="do not search the words on pictures")


def _run_pack(options: argparse.Namespace) -> int:
    from harness.cli.evidence_pack import run_pack

    return run_pack(options)


def _seal(seal: argparse.ArgumentParser) -> None:
    seal.add_argument("pack", type=Path, metavar="PACK", help="the pack's folder; the zip beside it is sealed with it")
    seal.add_argument("--key", type=Path, metavar="FILE", help="private key (default: the variable HIL_EVIDENCE_KEY)")
    seal.add_argument("--timestamp", type=Path, metavar="FILE", help="lay an RFC 3161 token beside the seal there is")


def _run_seal(options: argparse.Namespace) -> int:
    from harness.cli.evidence_seal import run_seal

    return run_seal(options.pack, options.key, options.timestamp)


def _verify(verify: argparse.ArgumentParser) -> None:
    verify.add_argument("pack", type=Path, metavar="PACK", help="a pack's folder or zip")
    verify.add_argument("--key", type=Path, required=True, metavar="FILE", help="public key of whoever sealed it")
    verify.add_argument("--tsa-ca", type=Path, metavar="FILE", help="also check the time-stamp: its authority's PEM")
    verify.add_argument("--json", action="store_true", help="print what was found as JSON")


def _run_verify(options: argparse.Namespace) -> int:
    from harness.cli.evidence_seal import run_verify

    return run_verify(options.pack, options.key, options.tsa_ca, as_json=options.json)


def _rejudge(again: argparse.ArgumentParser) -> None:
    again.add_argument("pack", type=Path, metavar="PACK", help="a pack's folder or zip, or a run's folder")
    again.add_argument("-n", dest="workers", type=int, default=2, metavar="WORKERS", help="processes (default: 2)")
    again.add_argument("--json", action="store_true", help="print all that was found as JSON")


def _run_rejudge(options: argparse.Namespace) -> int:
    from harness.cli.evidence_rejudge import run_rejudge

    return run_rejudge(options.pack, options.workers, as_json=options.json)


def _tamper(tamper: argparse.ArgumentParser) -> None:
    tamper.add_argument("--flips", type=int, default=4000, metavar="N", help="bits to flip, in all (default: 4000)")
    tamper.add_argument("--untouched", type=int, default=100, metavar="N", help="packs that must hold (default: 100)")
    tamper.add_argument("--seed", type=int, default=7, metavar="N", help="seed of everything random (default: 7)")
    tamper.add_argument("--json", action="store_true", help="print what was found as JSON")


def _run_tamper(options: argparse.Namespace) -> int:
    from harness.cli.evidence_tamper import run_tamper

    return run_tamper(options.flips, options.untouched, options.seed, as_json=options.json)


def _keygen(keygen: argparse.ArgumentParser) -> None:
    keygen.add_argument("--out", type=Path, required=True, metavar="PREFIX", help="writes PREFIX.key and PREFIX.pub")
    kinds = ("ed25519", "p256")
    keygen.add_argument("--type", choices=kinds, default="ed25519", help="kind of key (default: ed25519)")


def _run_keygen(options: argparse.Namespace) -> int:
    from harness.cli.evidence_keygen import keygen

    return keygen(options.out, options.type)


def _canary(canary: argparse.ArgumentParser) -> None:
    canary.add_argument("place", type=Path, metavar="PLACE", help="a pack's folder or zip, or a run's folder")
    canary.add_argument("--of", type=Path, action="append", default=[], metavar="RUN", help="also secrets of this one")
    canary.add_argument("--no-words", action="store_true", help="do not read the words on pictures")
    canary.add_argument("--json", action="store_true", help="print what was found as JSON")


def _run_canary(options: argparse.Namespace) -> int:
    from harness.cli.evidence_canary import canary

    return canary(options.place, options.of, words=not options.no_words, as_json=options.json)


def _paper(report: argparse.ArgumentParser) -> None:
    report.add_argument("run", type=Path, metavar="RUN", help="a run's folder, with its reports")
    report.add_argument("--lang", choices=("zh", "en", "both"), default="both", help="language (default: both)")
    report.add_argument("--out", type=Path, metavar="PLACE", help="a .pdf, or a folder (default: the run's)")
    report.add_argument("--lab", type=Path, metavar="FILE", help="the laboratory's data (default: reports/lab.yaml)")
    report.add_argument("--qualification", type=Path, metavar="FILE", help="what 'hil qualify' found out")


def _run_paper(options: argparse.Namespace) -> int:
    from harness.cli.evidence_paper import paper

    return paper(options.run, lang=options.lang, out=options.out, lab=options.lab, qualification=options.qualification)
