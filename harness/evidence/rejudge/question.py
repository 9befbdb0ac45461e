"""A check's question as the journal has it, and what it may be rebuilt with. None of the journal's figures is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.audio.port import RATE
from harness.audio.stimuli import Library
from harness.evidence.rejudge.kept import LeftOut
from harness.evidence.rejudge.recorded import RecordedRun
from harness.foundation.errors import HarnessError
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns
from harness.judging.observation import Observation
from harness.judging.requirements import Catalogue
from harness.judging.tracks import RESTRICTED_FOLDER, SECRETS
from harness.judging.voice import JUDGED_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class NotPossible(Exception):
    """Why a check cannot be judged again from the recordings."""


class Sounds:
    """The stored sounds, each brought to the rate that is judged at once."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._known: dict[str, NDArray[np.int16]] = {}

    def sentence(self, stimulus: str) -> NDArray[np.int16]:
        if stimulus not in self._known:
            from harness.audio.rates import to_rate

            self._known[stimulus] = to_rate(self.library.get(stimulus).samples, RATE, JUDGED_RATE)
        return self._known[stimulus]


@dataclass(frozen=True)
class Question:
    """``name`` and ``arguments`` as in the journal; ``quantity`` is what it was judged by; ``n`` its record there."""

    name: str
    arguments: Mapping[str, Any]
    quantity: str
    n: int
    recording: RecordedRun
    catalogue: Catalogue
    sounds: Sounds

    def __getitem__(self, argument: str) -> Any:
        try:
            return self.arguments[argument]
        except KeyError:
            raise NotPossible(f"the journal does not say its {argument!r}: it is of an older harness") from None

    def __contains__(self, argument: str) -> bool:
        return argument in self.arguments

    def stamp(self, argument: str) -> Stamp:
        return stamp_from(self[argument])

    def ns(self, argument: str) -> Ns:
        return int(self[argument])

    def text(self, argument: str) -> str:
        return str(self[argument])

    def sentence(self, stimulus: str) -> NDArray[np.int16]:
        """A stored sound at the rate that is judged at."""
        return self.sounds.sentence(stimulus)

    def secret(self) -> tuple[str, ...]:
        """The texts that the check looked for. LeftOut where they are not here."""
        return self.kept(int(self["secret"]))

    def kept(self, number: int) -> tuple[str, ...]:
        """Texts kept with the restricted recordings. LeftOut where they are not here."""
        texts = self.recording.secrets
        if number >= len(texts):
            raise LeftOut(f"{RESTRICTED_FOLDER}/{SECRETS} is not here: what it was about is not known")
        return texts[number]


Rebuild = Callable[[Question], Observation]


def stamp_from(value: Sequence[Any]) -> Stamp:
    t, early, late = value
    return Stamp(int(t), int(early), int(late))


def rebuilt(question: Question, table: Mapping[str, Rebuild]) -> Observation:
    """The observation that was asked, measuring what it measured. NotPossible, with the reason, where it cannot be."""
    rebuild = table.get(question.name)
    if rebuild is None:
        raise NotPossible(f"no observation {question.name!r} is known here")
    observation = rebuild(question)
    if observation.name != question.name:
        raise HarnessError(f"{question.name} was rebuilt as {observation.name}")
    return observation.measuring(question.quantity)
