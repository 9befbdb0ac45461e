"""``hil`` and ``python -m harness``: hand over to the command line."""

from __future__ import annotations

import sys


def main() -> int:
    """The program's entry point. ``--version`` is answered before anything else is imported."""
    if sys.argv[1:] == ["--version"]:
        from harness import __version__

        sys.stdout.write(f"hil {__version__}\n")
        return 0
    from harness.cli.main import main as command_line

    return command_line(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
