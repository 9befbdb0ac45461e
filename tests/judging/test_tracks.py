"""The index of a case's recordings: what was written is read, and anything else is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.foundation.errors import BadInput
from harness.judging.tracks import (
    INDEX,
    OPEN,
    RESTRICTED,
    RESTRICTED_FOLDER,
    SCREEN_COLUMNS,
    SECRETS,
    SUPPLY_COLUMNS,
    Track,
    read_tracks,
    write_tracks,
)

PLAIN = Track("can/body", "can-body.log", 10, 2_000, 300)
TRACKS = [
    PLAIN,
    Track("screen", "screen.csv", 0, 5, 7, spread=None, stamps="screen-stamps.csv", access=RESTRICTED),
    Track(
        "audio/扬声器", "扬声器.wav", -4, 9, 1, offered=False, spread=(3, 4), more={"gaps": [[1, 2]], "rate": 48_000}
    ),
]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write_tracks(tmp_path, TRACKS)
    assert read_tracks(tmp_path) == {track.track: track for track in TRACKS}


def test_what_nobody_says_is_open_offered_exact_and_without_more(tmp_path: Path) -> None:
    write_tracks(tmp_path, [PLAIN])
    (found,) = read_tracks(tmp_path).values()
    assert (found.access, found.offered, found.spread, found.stamps, found.more) == (OPEN, True, (0, 0), "", {})
    assert json.loads((tmp_path / INDEX).read_text(encoding="utf-8")) == {
        "schema": 1,
        "tracks": [
            {
                "track": "can/body", "file": "can-body.log", "access": "open", "began": 10, "seen_to": 2_000,
                "stall": 300, "offered": True, "spread": [0, 0],
            }
        ],
    }  # fmt: skip


def test_the_same_tracks_are_the_same_bytes_and_names_stay_readable(tmp_path: Path) -> None:
    write_tracks(tmp_path, TRACKS)
    first = (tmp_path / INDEX).read_bytes()
    write_tracks(tmp_path, [*read_tracks(tmp_path).values()])
    assert (tmp_path / INDEX).read_bytes() == first
    assert "扬声器".encode() in first
    assert first.endswith(b"}\n")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": 1, "tracks": [{}]}', '{"schema": 1, "tracks": 3}', "\xff"]
)
def test_what_is_no_index_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / INDEX).write_text(text, encoding="latin-1")
    with pytest.raises(BadInput, match="is no index of recordings"):
        read_tracks(tmp_path)


def test_an_index_of_another_time_and_none_at_all_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no index of recordings") as missing:
        read_tracks(tmp_path)
    assert "--hil-no-recordings" in missing.value.remedy
    (tmp_path / INDEX).write_text('{"schema": 2, "tracks": [{"not": "known"}]}', encoding="utf-8")
    with pytest.raises(BadInput, match="this harness reads schema 1") as other:
        read_tracks(tmp_path)
    assert other.value.value == "schema: 2"


def test_files_of_a_folder_are_called_and_laid_out_as_ever(tmp_path: Path) -> None:
    """By these names other tools, and harnesses of another version, read what was recorded."""
    write_tracks(tmp_path, [])
    assert [path.name for path in tmp_path.iterdir()] == ["recordings.json"]
    assert (RESTRICTED_FOLDER, SECRETS) == ("restricted", "secrets.json")
    assert SUPPLY_COLUMNS == ("t", "early", "late", "volts", "amperes", "volts_within", "amperes_within")
    assert SCREEN_COLUMNS == ("t", "early", "late", "file", "original")


def test_what_a_file_says_is_taken_by_its_kind(tmp_path: Path) -> None:
    """Another tool may have written figures as texts, and more than is known here."""
    entry = {
        "track": 7, "file": "f", "access": "open", "began": "1", "seen_to": "2", "stall": "3", "offered": 1,
        "spread": ["4", "5", "6"], "rate": 9,
    }  # fmt: skip
    (tmp_path / INDEX).write_text(json.dumps({"schema": 1, "tracks": [entry]}), encoding="utf-8")
    assert read_tracks(tmp_path) == {"7": Track("7", "f", 1, 2, 3, True, "open", (4, 5), "", {"rate": 9})}


def test_what_cannot_be_read_is_told_with_a_remedy(tmp_path: Path, keeps) -> None:
    for text in (None, "[]", '{"schema": 2, "tracks": []}'):
        if text is not None:
            (tmp_path / INDEX).write_text(text, encoding="utf-8")
        with pytest.raises(BadInput) as caught:
            read_tracks(tmp_path)
        assert (caught.value.where, caught.value.line) == (tmp_path / INDEX, None)
        keeps(f"{caught.value.value!r}: {caught.value.problem.partition(':')[0]}. {caught.value.remedy}")
