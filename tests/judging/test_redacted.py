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
