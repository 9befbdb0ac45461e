"""What must never leave the unit: the login code, the session's token, the account; and where they are looked for."""

from __future__ import annotations

from harness.bench.obeyed import console_is_read
from harness.bench.people import account_of
from harness.bench.phones import Phone
from harness.bench.sweep import sweep
from harness.bench.world import World
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.judging.observation import Observation
from harness.judging.privacy import in_answers, in_files, on_the_buses, on_the_console
from harness.phone.codes import SCHEME


class Secrets:
    """Of one login. The token is known where the messaging service is a simulated one; code and account always are.

    Everything recorded since the bench opened is searched, up to the moment of the question.
    """

    def __init__(self, world: World, phone: Phone, code: str) -> None:
        self._world = world
        account = account_of(phone.account.name)
        behind = getattr(world.ports.service, "stage", None)
        tokens = () if behind is None else tuple(behind.tokens(account))
        self._canaries = (code.removeprefix(SCHEME), account, *tokens)
        world.journal.write("note", world.clock.now(), text=f"{len(self._canaries)} secrets of the login are known")

    def on_the_console(self) -> Observation:
        console_is_read(self._world)
        asked = on_the_console(self._canaries, Stamp.exact(0), self._world.clock.now())
        return self._world.ask(asked, secret=self._kept())

    def on_the_buses(self) -> Observation:
        asked = on_the_buses(self._canaries, Stamp.exact(0), self._world.clock.now())
        return self._world.ask(asked, secret=self._kept())

    def in_diagnostics(self) -> Observation:
        """Reads every identifier of the sweep now and searches what came back."""
        world, since = self._world, self._world.clock.now()
        with world.step("all readable identifiers are read"):
            answers = sweep(world)
        asked = in_answers(self._canaries, answers, Stamp.exact(0), world.clock.now())
        return world.ask(asked, secret=self._kept(), read=[since, world.clock.now()])

    def in_our_reports(self) -> Observation:
        """Searches what the harness has written for this case, and the pictures as it writes them."""
        world = self._world
        if world.journal.path is None:
            raise HarnessError("nothing is written of this world that could be searched")
        folder = world.journal.path.parent
        there = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        asked = in_files(self._canaries, folder, Stamp.exact(0), world.clock.now())
        return world.ask(asked, secret=self._kept(), files=there)

    def _kept(self) -> int:
        return self._world.secret(*self._canaries)
