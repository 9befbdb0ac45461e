"""What the other side received: an inbox, and a voice message that can be held against what was said."""

from __future__ import annotations

from harness.audio.golden import golden_beside
from harness.audio.port import RATE
from harness.bench.stimulus import Speech
from harness.bench.world import World
from harness.foundation.units import Ns, S
from harness.judging import voice
from harness.judging.accounts import arrives, delivered, nothing_arrives
from harness.judging.observation import Observation, anchor
from harness.judging.queue import arrive_in_order
from harness.phone.codecs import DEFAULT
from harness.phone.port import Delivered

ARRIVES_WITHIN: Ns = 15 * S
"""How long a scenario that is about a message's content waits for it."""


class Inbox:
    def __init__(self, world: World, account: str) -> None:
        self._world = world
        self._account = account
        world.recorder.account(account)

    def receives(self, after: object) -> Observation:
        """Latency until a voice message is there."""
        return self._world.ask(arrives(self._account, anchor(after)))

    def count(self, after: object, watch: Ns) -> Observation:
        """How many messages came in ``watch`` ns."""
        return self._world.ask(delivered(self._account, anchor(after), watch))

    def in_order(self, *stimuli: str, after: object, watch: Ns) -> Observation:
        """How many of these messages, named as they were said, come before their predecessor in ``watch`` ns."""
        from harness.audio.rates import to_rate

        library = self._world.library
        spoken = {name: to_rate(library.get(name).samples, RATE, voice.JUDGED_RATE) for name in stimuli}
        return self._world.ask(arrive_in_order(spoken, self._account, anchor(after), watch))

    def stays_empty(self, after: object) -> Observation:
        return self._world.ask(nothing_arrives(self._account, anchor(after)))

    def message(self, after: object) -> Received:
        """Wait for the next voice message; a step on the way when it never comes."""
        world = self._world
        arrival = arrives(self._account, anchor(after))
        world.judge.reached(arrival, ARRIVES_WITHIN, f"a voice message reaches {self._account}")
        assert arrival.found is not None
        found = world.recorder.inbox(self._account, arrival.found.t, arrival.found.t)
        return Received(world, self._account, next(m for m in found if m.kind == "voice"))


class Received:
    """One voice message; each figure is a question to the judge."""

    def __init__(self, world: World, account: str, message: Delivered) -> None:
        self._world = world
        self._account = account
        self.message = message

    def onset_loss(self, speech: Speech) -> Observation:
        return self._world.ask(voice.onset_loss(self._account, self.message.id, _said(speech)))

    def end_loss(self, speech: Speech) -> Observation:
        return self._world.ask(voice.end_loss(self._account, self.message.id, _said(speech)))

    def level_change(self, speech: Speech) -> Observation:
        return self._world.ask(voice.level_change(self._account, self.message.id, _said(speech)))

    def snr(self, speech: Speech) -> Observation:
        return self._world.ask(voice.snr(self._account, self.message.id, _said(speech)))

    def gaps(self, speech: Speech) -> Observation:
        return self._world.ask(voice.gaps(self._account, self.message.id, _said(speech)))

    def clipping(self, speech: Speech) -> Observation:
        return self._world.ask(voice.clipping(self._account, self.message.id, _said(speech)))

    def stoi(self, speech: Speech) -> Observation:
        """Against what the microphone line carried. A message of a telephone's band is held against the limit of
        that."""
        quantity = "stoi_narrow" if self.message.rate <= voice.NARROW_RATE else "stoi"
        return self._world.ask(voice.stoi(self._account, self.message.id, _said(speech), quantity))

    def intelligibility(self, speech: Speech) -> Observation:
        """STOI against the sentence itself: for what was said into noise."""
        from harness.audio.rates import to_rate

        words = to_rate(self._world.library.get(speech.stimulus).samples, RATE, voice.JUDGED_RATE)
        return self._world.ask(voice.stoi_of_words(self._account, self.message.id, _said(speech), words))

    def stoi_drop(self, speech: Speech) -> Observation:
        """How far STOI lies under the golden value of this sentence through this codec."""
        path = self.message.codec or DEFAULT
        library = self._world.library
        sound = library.entries[speech.stimulus].sha256
        golden = golden_beside(library.manifest).value(speech.stimulus, sound, path, "stoi")
        return self._world.ask(voice.stoi_drop(self._account, self.message.id, _said(speech), golden, path))

    def drift(self, speech: Speech) -> Observation:
        return self._world.ask(voice.drift(self._account, self.message.id, _said(speech)))

    def slips(self, speech: Speech) -> Observation:
        return self._world.ask(voice.slips(self._account, self.message.id, _said(speech)))


def _said(speech: Speech) -> voice.Said:
    return voice.Said(speech.line, speech.began, speech.ended, speech.stimulus)
