from __future__ import annotations

import json
import stat
import wave
from pathlib import Path

import pytest

from harness.foundation.pseudonyms import Pseudonyms, Secret, load_secrets
from harness.judging.redacted import redact_case, withhold_sound

TOKEN = Secret("token", "HVK7DIAKS3JV7XQ4FBS7SMFDWY")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case folder with a console, two lines of sound and their index."""
    (tmp_path / "console.log").write_text(f"(0.000000000) boot\n(1.000000000) token {TOKEN.value}\n")
    (tmp_path / "phone.jsonl").write_text('{"kind": "answer"}\n')
    for line in ("mic.driver", "amp.front_left"):
        with wave.open(str(tmp_path / f"{line}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(48000)
            file.writeframes(b"\1\2" * 100)
    tracks = [{"track": name, "file": name, "access": "open"} for name in ("console.log", "phone.jsonl")]
    tracks += [{"track": f"audio/{n}", "file": f"{n}.wav", "access": "open"} for n in ("mic.driver", "amp.front_left")]
    (tmp_path / "recordings.json").write_text(json.dumps({"schema": 1, "tracks": tracks}))
    return tmp_path


def knowing(case: Path, *secrets: Secret) -> Pseudonyms:
    pseudonyms = Pseudonyms(b"key", case)
    pseudonyms.learn(secrets)
    return pseudonyms


def tracks(case: Path) -> dict[str, dict[str, str]]:
    return {t["track"]: t for t in json.loads((case / "recordings.json").read_text())["tracks"]}


def test_a_file_that_holds_a_secret_moves_and_a_copy_without_it_stays(case: Path) -> None:
    before = (case / "console.log").read_bytes()
    (done,) = redact_case(case, knowing(case, TOKEN))
    assert (case / "restricted" / "console.log").read_bytes() == before
    assert (case / "console.log").read_bytes() == before.replace(TOKEN.value.encode(), b"*" * len(TOKEN.value))
    assert tracks(case)["console.log"]["original"] == "restricted/console.log"
    assert (done.file, done.places) == ("console.log", 1)
    assert TOKEN.value not in str(done)
    assert stat.S_IMODE((case / "restricted").stat().st_mode) == 0o700


def test_a_file_that_holds_none_stays_as_it_is(case: Path) -> None:
    before = (case / "phone.jsonl").read_bytes()
    redact_case(case, knowing(case, TOKEN))
    assert (case / "phone.jsonl").read_bytes() == before
    assert "original" not in tracks(case)["phone.jsonl"]


def test_an_address_on_the_console_needs_nobody_to_tell(case: Path) -> None:
    (case / "console.log").write_text("(0.000000000) bt: paired 3C:5A:B4:01:02:03\n")
    redact_case(case, knowing(case))
    assert "3C:5A" not in (case / "console.log").read_text()
    assert "3C:5A:B4:01:02:03" in load_secrets(case).values()


def test_a_console_that_cannot_be_read_loses_its_secrets_as_a_text(case: Path) -> None:
    (case / "console.log").write_text(f"no stamp {TOKEN.value}\n")
    redact_case(case, knowing(case, TOKEN))
    assert (case / "console.log").read_text() == f"no stamp {'*' * len(TOKEN.value)}\n"


def test_the_voices_of_people_are_withheld(case: Path) -> None:
    assert withhold_sound(case) == ["amp.front_left.wav", "mic.driver.wav"]
    assert list(case.glob("*.wav")) == []
    assert tracks(case)["audio/mic.driver"]["access"] == "restricted"
    assert (case / tracks(case)["audio/mic.driver"]["file"]).is_file()


def test_a_case_without_an_index_is_redacted_too(case: Path) -> None:
    (case / "recordings.json").unlink()
    assert redact_case(case, knowing(case, TOKEN))
    assert not (case / "recordings.json").exists()


def recorded(case: Path, *frames: bytes) -> Path:
    """A bus on which these frames were seen, a second apart."""
    path = case / "can-body.log"
    path.write_text("".join(f"({n}.000000000) body 5A1#{data.hex().upper()} R\n" for n, data in enumerate(frames)))
    return path


PIECES = [TOKEN.value.encode()[at : at + 6] for at in range(0, len(TOKEN.value), 6)]


def test_a_bus_that_carries_a_secret_in_pieces_loses_them_all(case: Path) -> None:
    trace = recorded(case, b"\x01\x02", *PIECES, b"\x03")
    before = trace.read_bytes()
    done = redact_case(case, knowing(case, TOKEN))
    assert [one.file for one in done] == ["can-body.log", "console.log"]
    assert (case / "restricted" / "can-body.log").read_bytes() == before
    public = trace.read_text().splitlines()
    assert [line.split("#")[1] for line in public] == [
        "0102 R", *(f"{'2A' * len(piece)} R" for piece in PIECES), "03 R",
    ]  # fmt: skip
    assert done[0].places == 1


def test_a_secret_beside_the_frames_of_a_bus_is_blanked_as_a_text(case: Path) -> None:
    trace = recorded(case, b"\x01\x02")
    trace.write_text(f"{trace.read_text()}# {TOKEN.value}\n")
    before = trace.read_text()
    done = redact_case(case, knowing(case, TOKEN))
    assert trace.read_text() == before.replace(TOKEN.value, "*" * len(TOKEN.value))
    assert done[0].places == 1


def test_a_bus_without_a_secret_stays_to_the_byte(case: Path) -> None:
    trace = recorded(case, b"\x01\x02")
    before = trace.read_bytes()
    assert [one.file for one in redact_case(case, knowing(case, TOKEN))] == ["console.log"]
    assert trace.read_bytes() == before


@pytest.mark.parametrize("name", ["journal.jsonl", "pending.json", "meta.json", "shot.png", "line.wav"])
def test_what_is_of_the_door_or_no_text_is_left_alone(case: Path, name: str) -> None:
    (case / name).write_text(f"{{}}\n{TOKEN.value}\n")
    assert [one.file for one in redact_case(case, knowing(case, TOKEN))] == ["console.log"]
    assert TOKEN.value in (case / name).read_text()


def test_folders_are_passed_over_and_files_on_both_sides_of_a_clean_one_are_redacted(case: Path) -> None:
    (case / "a.txt").write_text(TOKEN.value)
    (case / "b.txt").write_text("nothing")
    (case / "c.txt").write_text(f"{TOKEN.value} {TOKEN.value}")
    (case / "inner").mkdir()
    (case / "console.log").unlink()
    done = redact_case(case, knowing(case, TOKEN))
    assert [(one.file, one.places) for one in done] == [("a.txt", 1), ("c.txt", 2)]


def test_what_was_done_names_pseudonyms_and_the_original(case: Path) -> None:
    other = Secret("login code", "https://login.example.invalid/c/AAAABBBB")
    (case / "notes.txt").write_text(f"{TOKEN.value} {other.value} {TOKEN.value}")
    pseudonyms = knowing(case, TOKEN, other)
    (_, done) = redact_case(case, pseudonyms)
    names = tuple(sorted((pseudonyms.of(TOKEN.value), pseudonyms.of(other.value))))
    assert (done.file, done.places, done.secrets) == ("notes.txt", 3, names)
    assert str(done) == (f"notes.txt: {', '.join(names)} blanked in 3 place(s); the original is restricted/notes.txt")


def test_shapes_are_learnt_from_the_console_only_where_wanted(case: Path) -> None:
    (case / "console.log").write_text("(0.000000000) bt: paired 3C:5A:B4:01:02:03\n")
    assert redact_case(case, knowing(case), shapes=False) == []
    assert [one.file for one in redact_case(case, knowing(case))] == ["console.log"]


def test_a_case_without_a_console_has_no_shapes(case: Path) -> None:
    (case / "console.log").unlink()
    assert redact_case(case, knowing(case)) == []


def test_the_index_stays_readable_and_in_order(case: Path) -> None:
    redact_case(case, knowing(case, TOKEN))
    withhold_sound(case)
    text = (case / "recordings.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    assert tracks(case)["phone.jsonl"] == {"track": "phone.jsonl", "file": "phone.jsonl", "access": "open"}
    assert tracks(case)["audio/mic.driver"]["file"] == "restricted/mic.driver.wav"
    assert stat.S_IMODE((case / "restricted").stat().st_mode) == 0o700


def test_names_that_are_not_ascii_stay_readable_in_the_index(case: Path) -> None:
    (case / "recordings.json").write_text(
        json.dumps({"schema": 1, "tracks": [{"track": "扬声器", "file": "console.log"}]}, ensure_ascii=False),
        encoding="utf-8",
    )
    redact_case(case, knowing(case, TOKEN))
    assert "扬声器" in (case / "recordings.json").read_text(encoding="utf-8")
    assert tracks(case)["扬声器"]["original"] == "restricted/console.log"
