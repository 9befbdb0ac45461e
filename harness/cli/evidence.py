"""``hil evidence``: its words, and which module does what. Each command is imported when it is called."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path


def words(group: argparse.ArgumentParser) -> None:
    """All that can be said behind ``hil evidence``."""
    acts = group.add_subparsers(dest="what", required=True, metavar="WHAT")
    _keygen(acts.add_parser("keygen", help="make a pair of keys to seal packs with"))


def evidence(options: argparse.Namespace) -> int:
    """Do what was asked for; its exit code."""
    commands: dict[str, Callable[[argparse.Namespace], int]] = {"keygen": _run_keygen}
    return commands[options.what](options)


def _keygen(keygen: argparse.ArgumentParser) -> None:
    keygen.add_argument("--out", type=Path, required=True, metavar="PREFIX", help="writes PREFIX.key and PREFIX.pub")
    kinds = ("ed25519", "p256")
    keygen.add_argument("--type", choices=kinds, default="ed25519", help="kind of key (default: ed25519)")


def _run_keygen(options: argparse.Namespace) -> int:
    from harness.cli.evidence_keygen import keygen

    return keygen(options.out, options.type)
