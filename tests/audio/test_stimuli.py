"""Stimulus libraries: what is stored is what is played, and what is wrong is said with file and line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from harness.audio.level import frame_powers, noise_floor, pauses, rms, speech_level
from harness.audio.signals import sine
from harness.audio.stimuli import Library, file_hash
from harness.foundation.errors import BadInput, SeveralBadInputs

ROOT = Path(__file__).parents[2]
SENTENCES = [
    f"{n}.{lang}" for n in ("on_my_way", "call_me_later", "ten_minutes", "long_story") for lang in ("zh", "en")
]


def test_the_stored_library_has_its_sentences_and_signals(library: Library) -> None:
    assert set(library.ids()) == {*SENTENCES, "tone_1k", "sweep"}
    for name in SENTENCES:
        stimulus = library.get(name)
        assert stimulus.text
        assert stimulus.language == name[-2:]
        assert "espeak-ng" in stimulus.provenance


def test_all_stored_sound_is_small() -> None:
    files = [*(ROOT / "scenarios/stimuli").iterdir(), *(ROOT / "dbc/gs4/sounds").iterdir()]
    assert sum(f.stat().st_size for f in files) < 1_500_000


@pytest.mark.parametrize("name", SENTENCES)
def test_speech_has_its_level_and_is_loud_at_both_ends(library: Library, name: str) -> None:
    stimulus = library.get(name)
    assert stimulus.samples.dtype == np.int16
    assert not stimulus.samples.flags.writeable
    level = speech_level(stimulus.samples, 48_000).active.value
    assert level == pytest.approx(-26.0, abs=0.2)
    assert stimulus.level == pytest.approx(level, abs=0.2)
    ends = 10 * np.log10(frame_powers(stimulus.samples, 48_000, 0.01)[[0, -1]])
    assert (ends > level - 11).all()
    assert np.abs(stimulus.samples.astype(int)).max() < 32_000


@pytest.mark.parametrize("name", SENTENCES)
def test_no_pause_is_long_enough_to_end_a_recording(library: Library, name: str) -> None:
    loud = np.flatnonzero(frame_powers(library.get(name).samples, 48_000, 0.01) > 10 ** (-46 / 10))
    assert np.diff(loud).max() * 0.01 < 1.0


@pytest.mark.parametrize("name", SENTENCES)
def test_there_are_pauses_to_measure_noise_in(library: Library, name: str) -> None:
    samples = library.get(name).samples
    assert noise_floor(samples, 48_000, pauses(samples, 48_000)).seconds >= 0.08


def test_the_tone_has_its_level(library: Library) -> None:
    assert rms(library.get("tone_1k").samples).value == pytest.approx(-26.0, abs=0.05)


def test_the_long_stories_are_long(library: Library) -> None:
    assert all(11.0 < library.get(f"long_story.{lang}").seconds < 15.0 for lang in ("zh", "en"))


def test_a_sound_is_decoded_once(library: Library) -> None:
    assert library.get("on_my_way.zh") is library.get("on_my_way.zh")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "stimuli"
    folder.mkdir()
    soundfile.write(folder / "beep.en.wav", sine(700.0, 1.0, -20.0, 16_000), 16_000, subtype="PCM_16")
    (folder / "stimuli.yaml").write_text(
        "schema: 1\nstimuli:\n  beep.en:\n    file: beep.en.wav\n"
        f"    sha256: {file_hash(folder / 'beep.en.wav')}\n    text: beep\n    language: en\n    speaker: none\n"
        "    provenance: test\n    licence: none\n    duration: 1.000 s\n    level: -20.0 dBov\n"
    )
    return folder


def change(folder: Path, old: str, new: str) -> None:
    manifest = folder / "stimuli.yaml"
    text = manifest.read_text()
    assert old in text
    manifest.write_text(text.replace(old, new))


def refused(folder: Path, line: int | None, problem: str) -> BadInput:
    with pytest.raises(BadInput, match=problem) as caught:
        Library.load(folder).get("beep.en")
    assert caught.value.line == line
    assert caught.value.remedy
    return caught.value


def test_a_sound_of_another_rate_is_played_at_48_khz(copy: Path) -> None:
    stimulus = Library.load(copy).get("beep.en")
    assert len(stimulus.samples) == 48_000
    assert rms(stimulus.samples).value == pytest.approx(-20.0, abs=0.02)


def test_an_unknown_id_gets_a_suggestion(library: Library) -> None:
    with pytest.raises(BadInput, match=r"Did you mean 'on_my_way\.zh'"):
        library.get("on_my_wy.zh")


def test_a_changed_file_is_refused(copy: Path) -> None:
    with (copy / "beep.en.wav").open("ab") as file:
        file.write(b"\0")
    refused(copy, 5, "another hash")


def test_a_missing_file_is_refused_with_the_near_one(copy: Path) -> None:
    change(copy, "file: beep.en.wav", "file: beep.wav")
    assert "beep.en.wav" in refused(copy, 4, "no such file").remedy


def test_a_file_elsewhere_is_refused(copy: Path) -> None:
    change(copy, "file: beep.en.wav", "file: ../beep.en.wav")
    refused(copy, 4, "outside")


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("duration: 1.000 s", "duration: 2.000 s", 11, "lasts 1.000 s"),
        ("duration: 1.000 s", "duration: 1000", 11, "not a number with a unit|is not a time|string"),
        ("level: -20.0 dBov", "level: -20 dB", 12, "is not a level"),
        ("speaker: none", "speeker: none", None, ""),
        ("schema: 1", "schema: 2", 1, "schema 2"),
        ("licence: none", "licence: [1]", 10, "string"),
    ],
)
def test_a_wrong_manifest_says_where(copy: Path, old: str, new: str, line: int | None, problem: str) -> None:
    change(copy, old, new)
    if line is None:
        with pytest.raises(SeveralBadInputs) as caught:
            Library.load(copy)
        assert {e.problem for e in caught.value.errors} == {"unknown key", "is missing"}
        assert 8 in {e.line for e in caught.value.errors}
    else:
        refused(copy, line, problem)


def test_two_wrong_files_are_both_told(copy: Path) -> None:
    entry = (copy / "stimuli.yaml").read_text().split("stimuli:\n")[1]
    with (copy / "stimuli.yaml").open("a") as file:
        file.write(entry.replace("beep.en:", "other.en:").replace("beep.en.wav", "gone.wav"))
    (copy / "beep.en.wav").unlink()
    with pytest.raises(SeveralBadInputs) as caught:
        Library.load(copy)
    assert len(caught.value.errors) == 2


def test_stereo_and_what_is_no_sound_are_refused(copy: Path) -> None:
    old = file_hash(copy / "beep.en.wav")
    soundfile.write(copy / "beep.en.wav", np.zeros((16_000, 2), np.int16), 16_000)
    change(copy, old, stereo := file_hash(copy / "beep.en.wav"))
    refused(copy, 4, "2 channels")
    (copy / "beep.en.wav").write_bytes(b"no sound at all")
    change(copy, stereo, file_hash(copy / "beep.en.wav"))
    refused(copy, 4, "cannot be read")


def test_a_folder_without_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        Library.load(tmp_path)


def adopt(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "tools/make_stimuli.py", "--adopt", folder]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})


def test_a_folder_of_recordings_is_adopted(copy: Path) -> None:
    (copy / "stimuli.yaml").unlink()
    (copy / "beep.en.txt").write_text("Beep beep.\n")
    assert adopt(copy).returncode == 0
    stimulus = Library.load(copy).get("beep.en")
    assert (stimulus.text, stimulus.language) == ("Beep beep.", "en")
    assert stimulus.level == pytest.approx(-20.0, abs=0.2)


def test_human_recordings_are_adopted(people, tmp_path: Path) -> None:
    name, samples = next(iter(people.items()))
    soundfile.write(tmp_path / f"{name}.wav", samples, 16_000)
    assert adopt(tmp_path).returncode == 0
    assert Library.load(tmp_path).get(name).seconds == pytest.approx(len(samples) / 16_000)


def test_an_empty_folder_is_not_adopted(tmp_path: Path) -> None:
    done = adopt(tmp_path)
    assert done.returncode == 2
    assert "no WAV or FLAC" in done.stderr


def test_chimes_can_be_copied_with_their_manifest(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "dbc/gs4/sounds", tmp_path / "sounds")
    sounds = Library.load(tmp_path / "sounds", "sounds.yaml")
    assert sounds.ids() == ("chime", "end_tone", "error", "prompt", "ring")
    for name in sounds.ids():
        samples = sounds.get(name).samples
        begin = 10 * np.log10(frame_powers(samples, 48_000, 0.005)[0])
        assert begin > sounds.get(name).level - 6, "a chime starts loud"
