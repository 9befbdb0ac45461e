"""What becomes of messaging when the telephone rings, held against the car's table."""

from __future__ import annotations

from harness.foundation.stamps import Interval, Stamp
from harness.foundation.units import Ns, show_time
from harness.foundation.values import Limit, Measurement
from harness.judging.observation import Observation, Undecided
from harness.judging.recording import Recording


def finished(account: str, after: Stamp, span: Ns, expected: int) -> Observation:
    """1 when exactly ``expected`` voice messages reached ``account`` in the ``span`` after ``after``, else 0."""

    def look(recording: Recording, _limit: Limit, _patience: Ns) -> Undecided | Measurement:
        end = after.late + span
        if recording.seen_to(observation.source) < end:
            return Undecided(end)
        came = [m for m in recording.inbox(account, after.early, end) if m.kind == "voice"]
        said = f"{len(came)} message(s) reached {account} up to {show_time(end)}, the car's table means {expected}"
        refs = tuple({"track": f"account/{account}", "t": m.stamp.t} for m in came)
        value = Interval.exact(1.0 if len(came) == expected else 0.0)
        return Measurement("as_the_table", "1", value, said, refs, (after.t, end))

    observation = Observation(
        "finished", {"account": account, "after": list(after), "span": span, "expected": expected}, "as_the_table",
        f"account/{account}", after, look, "what was being sent is dealt with as the car's table says",
    )  # fmt: skip
    return observation
