"""Something that lasts while a ``with`` block does: a held button, a fault, a supply out of its range."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.bench.stimulus import Stimulus
from harness.bench.world import World
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns, show_time


@dataclass
class Lasting:
    """``began`` is known at once, ``over`` when the block has ended."""

    world: World = field(repr=False)
    what: str
    began: Stamp
    _over: Stamp | None = None

    @property
    def over(self) -> Stamp:
        if self._over is None:
            raise HarnessError(f"'{self.what}' is asked for its end while it lasts")
        return self._over

    @property
    def ended(self) -> Stamp:
        return self.over

    def lasts(self, duration: Ns) -> Stamp:
        """Let it last for ``duration`` from its beginning; the instant then."""
        with self.world.step(f"{self.what} lasts for {show_time(duration)}"):
            self.world.clock.run_until(self.began.t + duration)
            return self.world.now()

    def ends(self, at: Stamp | None = None) -> None:
        self.world.intends(f"{self.what}: its end")
        self._over = at or self.world.now()
        self.world.did(Stimulus(self.what, self.began, self._over))
