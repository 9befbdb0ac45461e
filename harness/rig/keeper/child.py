"""The keeper as a child of whoever runs scenarios: a supervisor, or a test process by itself."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path

from harness.rig.keeper.link import Address
from harness.rig.keeper.server import KEY
from harness.rig.plant import Member

END_WITHIN_S = 60.0
"""A safe state waits for the unit to sleep."""


class KeeperChild:
    """``address`` for links. It makes the rig safe and ends when ``close`` is called, or when this process dies."""

    def __init__(self, rig: Path, folder: Path | None = None) -> None:
        """``folder`` gets its log (default: a temporary one). RigFault when it does not come up."""
        where = Path(tempfile.mkdtemp(prefix="hil-keeper-")) if folder is None else folder
        key = secrets.token_hex(32)
        command = ["harness.rig.keeper", "--rig", str(rig.resolve()), "--logs", str(where.resolve())]
        self._member = Member("keeper", command, where, {KEY: key}, END_WITHIN_S)
        try:
            self.address = Address(self._member.order()["keeper"], key)
        except BaseException:
            self._member.close()
            raise

    @property
    def log(self) -> Path:
        return self._member.log

    def check(self) -> None:
        """RigFault, with its last lines, when it has ended."""
        self._member.check()

    def close(self) -> None:
        self._member.close()
