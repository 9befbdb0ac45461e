"""``python -m harness.rig.keeper --rig FILE``: started by who runs scenarios, never by hand."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from harness.rig.keeper.server import serve


def main(arguments: list[str]) -> int:
    words = argparse.ArgumentParser(prog="harness.rig.keeper", description="The keeper of a rig.")
    words.add_argument("--rig", type=Path, required=True)
    words.add_argument("--logs", type=Path, help="folder for what the plant says")
    asked = words.parse_args(arguments)
    serve(asked.rig, asked.logs)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
