"""What is asked of sound: each against the stored sound it is about, out of the stimulus library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harness.audio.golden import golden_beside
from harness.evidence.rejudge.question import Question, Rebuild, stamp_from
from harness.judging import call_sound, playback, queue, sounds, speech, voice, yields, zones
from harness.judging.observation import Observation


def _of_message(ask: Callable[[str, str, voice.Said], Observation]) -> Rebuild:
    return lambda q: ask(q.text("account"), q.text("message"), _said(q))


def _said(q: Question) -> voice.Said:
    q.recording.contents = True
    return voice.Said(q.text("line"), q.stamp("began"), q.stamp("ended"), q.text("stimulus"))


def _stoi(q: Question) -> Observation:
    """Against the microphone line, or the sentence itself."""
    account, message, said = q.text("account"), q.text("message"), _said(q)
    if q.arguments.get("against") == "words":
        return voice.stoi_of_words(account, message, said, q.sentence(said.stimulus))
    return voice.stoi(account, message, said, q.name)


def _stoi_drop(q: Question) -> Observation:
    library, said, path = q.sounds.library, _said(q), q.text("path")
    golden = golden_beside(library.manifest).value(said.stimulus, library.entries[said.stimulus].sha256, path, "stoi")
    return voice.stoi_drop(q.text("account"), q.text("message"), said, golden, path)


def _identity(q: Question) -> Observation:
    entries = q.sounds.library.entries
    spoken = {name: q.sentence(name) for name in q.sounds.library.ids() if entries[name].text}
    return speech.identity(q.text("stimulus"), spoken, q.text("line"), q.stamp("after"), q.text("quantity"))


def _separation(q: Question) -> Observation:
    stimulus = q.text("stimulus")
    return zones.separation(stimulus, q.sentence(stimulus), q.text("line"), tuple(q["others"]), q.stamp("after"))


def _gives_way(q: Question) -> Observation:
    stimulus = q.text("stimulus")
    return yields.gives_way(stimulus, q.sentence(stimulus), q.text("line"), q.stamp("after"), q.stamp("since"))


def _in_order(q: Question) -> Observation:
    references = {str(name): q.sentence(str(name)) for name in q["messages"]}
    return queue.in_order(references, q.text("line"), q.stamp("after"), q.stamp("until"))


def _arrive_in_order(q: Question) -> Observation:
    q.recording.contents = True
    references = {str(name): q.sentence(str(name)) for name in q["messages"]}
    return queue.arrive_in_order(references, q.text("account"), q.stamp("after"), q.ns("watch"))


def _path(q: Question, given: Mapping[str, Any]) -> call_sound.Path:
    stimulus = str(given["stimulus"])
    return call_sound.Path(
        stimulus, q.sentence(stimulus), stamp_from(given["began"]), str(given["line"]), str(given["source"])
    )


def _added_delay(q: Question) -> Observation:
    unit, reference = ([_path(q, given) for given in q[side]] for side in ("unit", "reference"))
    return call_sound.added_delay((unit[0], unit[1]), (reference[0], reference[1]))


def _distortion(q: Question) -> Observation:
    stimulus = q.text("stimulus")
    return playback.distortion_of(stimulus, len(q.sentence(stimulus)), playback.TONE, q.text("line"), q.stamp("after"))


def _response(q: Question) -> Observation:
    stimulus = q.text("stimulus")
    sent = q.sentence(stimulus)
    return playback.response_of(stimulus, sent, playback.sweep_of(sent), q.text("line"), q.stamp("after"))


def _spoken(ask: Callable[..., Observation]) -> Rebuild:
    """Of one stored sentence on a line."""
    return lambda q: ask(q.text("stimulus"), q.sentence(q.text("stimulus")), q.text("line"), q.stamp("after"))


SOUND: Mapping[str, Rebuild] = {
    "plays": lambda q: sounds.plays(q.text("sound"), q.text("line"), q.stamp("after")),
    "silent_of": lambda q: sounds.silent_of(q.text("sound"), q.text("line"), q.stamp("after")),
    "plays_speech": _spoken(speech.plays_speech),
    "silent_of_speech": _spoken(speech.silent_of_speech),
    "identity": _identity,
    "separation": _separation,
    "gives_way": _gives_way,
    "in_order": _in_order,
    "arrive_in_order": _arrive_in_order,
    "call_stoi": lambda q: call_sound.clear("stoi", _path(q, q.arguments)),
    "call_gaps": lambda q: call_sound.clear("gaps", _path(q, q.arguments)),
    "added_delay": _added_delay,
    "stoi_of": _spoken(playback.stoi_of),
    "gaps_of": _spoken(playback.gaps_of),
    "distortion_of": _distortion,
    "response_of": _response,
    "onset_loss": _of_message(voice.onset_loss),
    "end_loss": _of_message(voice.end_loss),
    "level_change": _of_message(voice.level_change),
    "snr": _of_message(voice.snr),
    "gaps": _of_message(voice.gaps),
    "clipping": _of_message(voice.clipping),
    "drift": _of_message(voice.drift),
    "slips": _of_message(voice.slips),
    "stoi": _stoi,
    "stoi_narrow": _stoi,
    "stoi_drop": _stoi_drop,
}
