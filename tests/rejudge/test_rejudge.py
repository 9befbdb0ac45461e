"""A run judged again from its files says the same; a file that was changed afterwards does not, and is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import soundfile

from harness.evidence.rejudge.found import Standing
from harness.evidence.rejudge.run import RunAgain, rejudge
from harness.foundation.errors import BadInput

ROOT = Path(__file__).resolve().parents[2]
LOGIN, SECRETS, SENDING, MUSIC = "scan_and_confirm", "no_secret", "arrives_whole", "music_gives_way"


@pytest.fixture(scope="session")
def again(run: Path) -> RunAgain:
    return rejudge(run, ROOT, workers=1)


def test_a_run_judged_again_says_the_same(again: RunAgain) -> None:
    assert [found.line() for found in again.standing(Standing.DIFFERENT)] == []
    assert [found.line() for found in again.standing(Standing.NOT_POSSIBLE)] == []
    assert {found.about for found in again.found} == {"check", "stimulus", "case", "requirement"}
    assert again.cases == 12


def test_each_kind_of_question_is_asked_again(again: RunAgain, kind: str) -> None:
    standing = {found.standing for found in again.found if found.about == "check" and found.observation == kind}
    assert standing == {Standing.EQUAL}


def test_two_processes_find_what_one_finds(run: Path, again: RunAgain, tmp_path: Path) -> None:
    for name in sorted(path.name for path in (run / "cases").iterdir())[:3]:
        shutil.copytree(run / "cases" / name, tmp_path / "cases" / name)
    names = {path.name for path in (tmp_path / "cases").iterdir()}
    both = rejudge(tmp_path, ROOT, workers=2)
    assert list(both.found) == [found for found in again.found if found.case in names]


@pytest.mark.parametrize("what", ["payload", "stamp"])
def test_a_frame_that_was_changed_is_found(case, judge, changes, what: str) -> None:
    folder = case(LOGIN)
    getattr(changes(folder), what)()
    found = judge(folder).different()
    assert ("reaches", "latency (value)", "infotainment.log") in [(f.observation, f.quantity, f.file) for f in found]


def test_a_frame_of_the_bench_that_was_changed_is_found(case, judge, records, changes) -> None:
    """The stimulus that a figure counts from is looked for too."""
    folder = case("too_few_frames")
    press = next(s for s in records(folder, "stimulus") if s["what"].startswith("press"))
    ref = {"track": "can/body", "t": press["began"][0]}
    changes(folder).line(ref, lambda line: line.replace(" T\n", " R\n"))
    assert [(f.about, f.observation, f.quantity, f.file) for f in judge(folder).different()] == [
        ("stimulus", press["what"], "began", "body.log")
    ]


def test_a_run_of_samples_that_was_changed_is_found(case, judge, changes) -> None:
    folder = case(SENDING)
    changes(folder).samples()
    assert {"onset_loss", "snr", "stoi", "level_change"} & {f.observation for f in judge(folder).different()}


def test_a_voice_message_that_was_changed_is_found(case, judge) -> None:
    folder = case(SENDING)
    message = next((folder / "restricted").glob("contact-message-*.wav"))
    samples, rate = soundfile.read(message, dtype="int16")
    soundfile.write(message, samples // 2, rate, subtype="PCM_16")
    assert "level_change" in {f.observation for f in judge(folder).different()}


def test_a_picture_that_was_changed_is_found(case, judge, changes) -> None:
    folder = case(LOGIN)
    changes(folder).picture()
    assert "shows" in [f.observation for f in judge(folder).different()]


def test_a_line_of_the_console_that_was_changed_is_found(case, judge) -> None:
    folder = case(SECRETS)
    secret = json.loads((folder / "restricted" / "secrets.json").read_text())["secrets"][0][0]
    lines = (folder / "console.log").read_text().splitlines(keepends=True)
    lines[-1] = lines[-1].rstrip("\n") + f" {secret}\n"
    (folder / "console.log").write_text("".join(lines))
    named = [(f.observation, f.quantity, f.recorded, f.again) for f in judge(folder).different()]
    assert ("on_the_console", "canaries (value)", "0", "1") in named


def test_an_event_of_the_service_that_was_changed_is_found(case, judge) -> None:
    folder = case(LOGIN)
    path = folder / "account-driver.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        line["t"], line["early"], line["late"] = (line[name] + 10**9 for name in ("t", "early", "late"))
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = judge(folder).different()
    assert ("session_is", "latency (value)", "account-driver.jsonl") in [
        (f.observation, f.quantity, f.file) for f in found
    ]


def test_a_limit_that_was_changed_is_found_and_its_verdicts_with_it(run: Path, tmp_path: Path) -> None:
    name = next(path.name for path in (run / "cases").iterdir() if LOGIN in path.name)
    shutil.copytree(run / "cases" / name, tmp_path / "cases" / name)
    shutil.copytree(ROOT / "scenarios" / "requirements", tmp_path / "requirements")
    records = [json.loads(line) for line in (tmp_path / "cases" / name / "journal.jsonl").read_bytes().splitlines()]
    check = next(r for r in records if r["kind"] == "check" and r["observation"] == "shows")
    path = next(p for p in (tmp_path / "requirements").glob("*.yaml") if f"{check['requirement']}:" in p.read_text())
    text = path.read_text()
    place = text.index("max:", text.index(f"{check['requirement']}:"))
    path.write_text(text[:place] + "max: 1 us" + text[text.index(",", place) :])
    found = rejudge(tmp_path, ROOT, workers=1).standing(Standing.DIFFERENT)
    named = {(f.about, f.requirement, f.observation, f.quantity) for f in found}
    assert ("check", check["requirement"], "shows", f"{check['quantity']} (limit)") in named
    assert ("check", check["requirement"], "shows", f"{check['quantity']} (verdict)") in named
    assert ("case", "", "", "verdict") in named


def test_a_verdict_of_the_whole_run_that_was_changed_is_found(run: Path, tmp_path: Path) -> None:
    shutil.copytree(run, tmp_path / "run")
    path = tmp_path / "run" / "run.json"
    data = json.loads(path.read_text())
    row = next(r for r in data["requirements"] if r["cars"]["gs4"]["verdict"] == "PASS")
    row["cars"]["gs4"]["verdict"] = "FAIL"
    path.write_text(json.dumps(data))
    found = rejudge(tmp_path / "run", ROOT, workers=1).standing(Standing.DIFFERENT)
    assert [(f.about, f.requirement, f.recorded, f.again) for f in found] == [
        ("requirement", row["id"], "FAIL", "PASS")
    ]


def test_what_was_left_out_is_not_possible_and_no_difference(case, judge) -> None:
    folder = case(SECRETS)
    shutil.rmtree(folder / "restricted")
    found = [f for f in judge(folder).again.found if f.about == "check"]
    assert {f.standing for f in found} == {Standing.NOT_POSSIBLE}
    assert all("restricted/" in f.why for f in found)


def test_a_witness_that_is_said_not_to_have_been_there_is_a_difference(case, judge) -> None:
    folder = case("too_few_frames")
    index = json.loads((folder / "recordings.json").read_text())
    for track in index["tracks"]:
        track["offered"] = track["offered"] and not track["track"].startswith("audio/")
    (folder / "recordings.json").write_text(json.dumps(index))
    named = [(f.observation, f.quantity, f.recorded, f.again) for f in judge(folder).different()]
    assert ("silent_of", "watch (verdict)", "PASS", "NOT_APPLICABLE") in named


@pytest.mark.parametrize("name", ["infotainment.log", "screen.csv", "account-driver.jsonl"])
def test_a_recording_that_is_gone_is_a_difference(case, judge, name: str) -> None:
    folder = case(LOGIN)
    (folder / name).unlink()
    assert name in judge(folder).lines()


def test_a_case_without_an_index_cannot_be_judged_again(case, judge) -> None:
    folder = case(LOGIN)
    (folder / "recordings.json").unlink()
    found = judge(folder).again.found
    assert {f.standing for f in found} == {Standing.NOT_POSSIBLE}


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no cases"):
        rejudge(tmp_path, ROOT)
