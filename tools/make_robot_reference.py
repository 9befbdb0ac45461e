"""Write docs/reference/robot-keywords.html, the keywords as Robot's own libdoc shows them.

    python tools/make_robot_reference.py [OUT]

Twice the same bytes: the page carries no path of this computer and no time of its making.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "robot-keywords.html"


def main(out: Path) -> None:
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    from robot.libdocpkg import LibraryDocumentation

    library = LibraryDocumentation("harness.robot_library")
    library.source = None
    for keyword in library.keywords:
        keyword.source = None
        keyword.lineno = -1
    out.parent.mkdir(parents=True, exist_ok=True)
    library.save(str(out), "HTML")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE)
