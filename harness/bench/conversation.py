"""A friend's call as both sides hear it."""

from __future__ import annotations

from harness.bench.loudspeakers import sentence
from harness.bench.phones import Contact
from harness.bench.recorder import CALL_LINE
from harness.bench.stimulus import Speech
from harness.bench.world import World
from harness.judging.call_sound import Path, added_delay, clear
from harness.judging.observation import Observation
from harness.judging.speech import silent_of_speech


class Conversation:
    """What the driver and the friend hear of each other, and what a reference client hears in the unit's place."""

    def __init__(self, world: World) -> None:
        self._world = world

    def driver_hears(self, spoken: Speech) -> tuple[Observation, ...]:
        """How clear, and how whole, what the friend speaks comes out of the driver's loudspeaker."""
        return self._clear(self._at_the_driver(spoken))

    def heard_by(self, contact: Contact, spoken: Speech) -> tuple[Observation, ...]:
        """How clear, and how whole, what the driver says reaches the friend's ear."""
        return self._clear(self._at(contact, spoken))

    def not_heard_by(self, contact: Contact, spoken: Speech) -> Observation:
        """Nothing of what the driver says reaches the friend's ear."""
        path = self._at(contact, spoken)
        return self._world.ask(silent_of_speech(path.stimulus, path.spoken, path.line, path.began))

    def adds_delay(
        self, contact: Contact, heard: Speech, said: Speech, reference: Contact, there: Speech, back: Speech
    ) -> Observation:
        """The unit's own share: ``heard`` was spoken to the driver and ``said`` by him, ``there`` and ``back`` likewise
        to and by the reference client on the same network."""
        unit = (self._at_the_driver(heard), self._at(contact, said))
        other = (self._at(reference, there), self._at(contact, back))
        return self._world.ask(added_delay(unit, other))

    def _clear(self, path: Path) -> tuple[Observation, ...]:
        return tuple(self._world.ask(clear(quantity, path)) for quantity in ("stoi", "gaps"))

    def _at_the_driver(self, spoken: Speech) -> Path:
        world = self._world
        return Path(
            spoken.stimulus, sentence(world, spoken.stimulus), spoken.began, world.vehicle.driver_zone, "audio"
        )

    def _at(self, contact: Contact, spoken: Speech) -> Path:
        line, source = f"{CALL_LINE}/{contact.name}", f"account/{contact.name}"
        return Path(spoken.stimulus, sentence(self._world, spoken.stimulus), spoken.began, line, source)
