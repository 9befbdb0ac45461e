"""What is asked of texts: codes, secrets, a phone's answers; and what no recording of the case can answer.

Codes are read off the recorded pictures again, a tester's answers off the bus. Of what the service was asked for behind
the scenes there is no other witness than what it said, which is kept with the restricted recordings.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from harness.diag import names as uds
from harness.evidence.rejudge.question import NotPossible, Question, Rebuild
from harness.judging import accounts, login_codes, privacy
from harness.judging.conversation import questions as asked_of
from harness.judging.observation import Observation
from harness.judging.views import codes_on

JOURNAL = "journal.jsonl"
_READ = bytes((0x22,))


def _accepted(q: Question) -> Observation:
    """What the app said last, by the phone's own record."""
    at, account = q.stamp("at"), q.text("account")
    said = [a for a in q.recording.answers if a.account == account and a.stamp.t <= at.t]
    if not said:
        raise NotPossible(f"the phone of {account} was not recorded to say anything")
    return accounts.accepted(said[-1].outcome, at)


def _texts(q: Question) -> tuple[str, ...]:
    """The codes that a check is about: kept, where the service told them; else as the pictures show them, in turn."""
    if "texts" in q:
        return q.kept(int(q["texts"]))
    began, ended, count = q.stamp("began"), q.stamp("ended"), int(q["count"])
    shown = [code.text for p in q.recording.pictures(began.t, ended.t) for code in codes_on(p)[:1]]
    found = tuple(text for n, text in enumerate(shown) if n == 0 or text != shown[n - 1])
    if len(found) < count:
        raise NotPossible(f"{len(found)} codes are on the recorded pictures, {count} were read")
    return found[:count]


def _lead_to(q: Question) -> Observation:
    return login_codes.lead_to(_texts(q), q.text("place"), q.stamp("began"), q.stamp("ended"))


def _differ(q: Question) -> Observation:
    return login_codes.differ(_texts(q), q.stamp("began"), q.stamp("ended"))


def _tell_of(q: Question) -> Observation:
    return login_codes.tell_of(_texts(q), q.secret(), q.stamp("began"), q.stamp("ended"))


def _even(which: int) -> Rebuild:
    return lambda q: login_codes.even(_texts(q), q.text("place"), q.stamp("began"), q.stamp("ended"))[which]


def _in_answers(q: Question) -> Observation:
    """Of all that the unit answered to reads between two instants."""
    start, stop = (int(t) for t in q["read"])
    found: dict[int, bytes] = {}
    for asked in asked_of(q.recording, start, stop):
        request, answer = asked.request.payload, asked.answer
        if (
            request[:1] == _READ
            and len(request) == 3
            and answer
            and answer.payload[:1] == bytes((0x22 + uds.POSITIVE,))
        ):
            found[int.from_bytes(request[1:], "big")] = answer.payload[3:]
    return privacy.in_answers(q.secret(), found, q.stamp("after"), q.ns("until"))


def _in_files(q: Question) -> Observation:
    """The files as they were when they were searched: the journal up to this check, the others as they are."""
    observation = privacy.in_files(q.secret(), q.recording.folder, q.stamp("after"), q.ns("until"))

    def again(recording: object, limit: object, patience: object) -> object:
        with tempfile.TemporaryDirectory(prefix="hil-rejudge-") as place:
            folder = Path(place)
            for name in map(str, q["files"]):
                source, copy = q.recording.folder / name, folder / name
                if not source.is_file() or ".." in Path(name).parts or Path(name).is_absolute():
                    continue
                copy.parent.mkdir(parents=True, exist_ok=True)
                if name == JOURNAL:
                    lines = source.read_bytes().split(b"\n")[: q.n]
                    copy.write_bytes(b"".join(line + b"\n" for line in lines))
                else:
                    shutil.copyfile(source, copy)
            asked = privacy.in_files(q.secret(), folder, q.stamp("after"), q.ns("until"))
            return asked.look(recording, limit, patience)  # type: ignore[arg-type]

    observation.look = again  # type: ignore[assignment]
    return observation


def _canaries(ask: Callable[..., Observation]) -> Rebuild:
    return lambda q: ask(q.secret(), q.stamp("after"), q.ns("until"))


def _not(why: str) -> Rebuild:
    def refused(_question: Question) -> Observation:
        raise NotPossible(why)

    return refused


_OTHER_WORLDS = "each cut had a world of its own, of which only the outcome was written down"

TOLD: Mapping[str, Rebuild] = {
    "accepted": _accepted,
    "place": _lead_to,
    "distinct": _differ,
    "canaries": _tell_of,
    "bias": _even(0),
    "bits": _even(1),
    "on_the_buses": _canaries(privacy.on_the_buses),
    "on_the_console": _canaries(privacy.on_the_console),
    "in_answers": _in_answers,
    "in_files": _in_files,
    "cut_spacing": _not(_OTHER_WORLDS),
    "half_states": _not(_OTHER_WORLDS),
    "kept": _not(_OTHER_WORLDS),
    "delivered_wrongly": _not(_OTHER_WORLDS),
}
