"""Positional words that argparse alone cannot tell apart."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_ACTS = ("export", "import")


class RequirementWords(argparse.Action):
    """The words behind ``hil requirements``: scenarios, or first what else is to be done. A folder of scenarios that is
    called "export" is named ./export.

    Sets ``what`` (show, export, import), ``file`` (what to import, or None) and ``paths``.
    """

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        words = [str(value) for value in values or ()]
        namespace.what = words.pop(0) if words[:1] and words[0] in _ACTS else "show"
        namespace.file = Path(words.pop(0)) if namespace.what == "import" and words else None
        namespace.paths = words
