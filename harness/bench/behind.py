"""Behind the scenes: what only a simulated messaging service lets a scenario arrange (harness/phone/stage.py)."""

from __future__ import annotations

from typing import Protocol, cast

from harness.bench.world import World
from harness.foundation.errors import NotOffered


class Stage(Protocol):
    """As ``harness.phone.stage.Stage``."""

    code_scheme: str

    def rename(self, account: str, name: str) -> None: ...

    def befriend_many(self, account: str, names: tuple[str, ...]) -> None: ...

    def code_of_another_car(self) -> str: ...

    def codes(self, count: int) -> tuple[str, ...]: ...

    def tokens(self, account: str) -> tuple[str, ...]: ...


def stage(world: World, what: str) -> Stage:
    """NotOffered, naming ``what`` for, where the rig's service is not one of ours."""
    found = getattr(world.ports.service, "stage", None)
    if found is None:
        raise NotOffered(f"{what}: the messaging service of this rig lets nobody arrange it")
    return cast(Stage, found)
