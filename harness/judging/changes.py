"""What the unit sends on change: is a change said as often as its database asks for.

Theory. A message that is sent on change repeats what is new so many times, so far apart (GenMsgNrOfRepetition and
GenMsgCycleTimeFast, as Vector's interaction layer defines them), because one frame may be lost. Each new content in the
window is looked at; for each repetition that is due before the next change, or before the window ends, one frame with
this content must lie within half the short cycle of its instant. A frame of the beat that happens to lie there counts
for it: a receiver cannot tell them apart either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from harness.can.port import Heard
from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import Ns, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.cyclic import SOURCE, Own, content_of, own_messages
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording

QUANTITY = "changes_repeated"


def changes_repeated(after: Stamp, until: Ns) -> Observation:
    """Percent of the repetitions owed that were sent; none where nothing that is sent on change has changed."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        if any(recording.seen_to(f"can/{bus}") < until for bus in recording.vehicle.buses):
            return Undecided(until)
        return _measured(recording, after, until)

    arguments = {"after": list(after), "until": until}
    return Observation("changes_repeated", arguments, QUANTITY, SOURCE, after, look, "changes of own messages repeated")


def _measured(recording: Recording, after: Stamp, until: Ns) -> Measurement:
    owed = sent = 0
    on_change = list(recording.vehicle.sent_on_change())
    first: tuple[Own, Ns] | None = None
    for own in own_messages(recording):
        if (own.bus, own.message) not in on_change:
            continue
        for due, there in _repetitions(own, recording.frames(own.bus, own.message.key, after.late, until), until):
            owed, sent = owed + 1, sent + there
            if not there and (first is None or due < first[1]):
                first = own, due
    window = (after.t, until)
    if not owed:
        return Measurement(QUANTITY, "%", None, "nothing sent on change has changed", (), window)
    said = f"{sent} of {owed} repetitions of what had changed"
    if first is None:
        return Measurement(QUANTITY, "%", Interval.exact(100.0), said, (), window)
    own, due = first
    said += f"; the first missing one is of {own.bus}/{own.message.name} at {show_time(due)}"
    refs = ({"track": f"can/{own.bus}", "t": due},)
    return Measurement(QUANTITY, "%", Interval.exact(100.0 * sent / owed), said, refs, window)


def _repetitions(own: Own, frames: Sequence[Heard], until: Ns) -> Iterator[tuple[Ns, bool]]:
    """(instant, whether it was there) of each repetition that is owed."""
    apart, still = own.message.fast_cycle or 0, content_of(own)
    told = [(heard.t, still(heard.frame.data)) for heard in frames if heard.frame is not None]
    news = [later for earlier, later in pairwise(told) if later[1] != earlier[1]]
    ends = [*(t for t, _ in news), until][1:]
    for (since, content), end in zip(news, ends, strict=True):
        for n in range(1, own.message.repetitions + 1):
            due = since + n * apart
            if due + apart // 2 >= end:
                break
            yield due, any(abs(t - due) <= apart // 2 for t, said in told if said == content and t > since)
