from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.foundation.errors import BadInput
from harness.foundation.journal import Journal, read_journal
from harness.foundation.pseudonyms import (
    Pseudonyms,
    Secret,
    key_of_run,
    key_of_seed,
    load_secrets,
    read_secrets,
)
from harness.foundation.spellings import further, spelled

TOKEN = Secret("token", "ABCDEFGHIJKLMNOP234567WXYZ")
NAME = Secret("name", "林悦")


def knowing(*secrets: Secret, key: bytes = b"key", folder: Path | None = None) -> Pseudonyms:
    pseudonyms = Pseudonyms(key, folder)
    pseudonyms.learn(secrets)
    return pseudonyms


def test_a_record_of_the_journal_names_the_pseudonym_and_not_the_secret(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl", knowing(TOKEN, NAME))
    journal.write("stimulus", 0, what="says", arguments={"token": TOKEN.value}, seen=[f"<{NAME.value}>"])
    journal.close()
    assert TOKEN.value not in (tmp_path / "journal.jsonl").read_text()
    (record,) = read_journal(tmp_path / "journal.jsonl")
    assert record["arguments"]["token"] == journal.pseudonyms.of(TOKEN.value)
    assert record["seen"] == [f"<{journal.pseudonyms.of(NAME.value)}>"]


def test_the_same_secret_has_the_same_pseudonym_in_every_case_of_a_run() -> None:
    assert knowing(TOKEN).of(TOKEN.value) == knowing(NAME, TOKEN).of(TOKEN.value)


def test_another_key_gives_another_pseudonym() -> None:
    assert knowing(TOKEN, key=key_of_seed(1)).of(TOKEN.value) != knowing(TOKEN, key=key_of_seed(2)).of(TOKEN.value)


@pytest.mark.parametrize("spelling", sorted({**spelled(TOKEN.value), **further(TOKEN.value)}))
def test_every_spelling_within_a_text_is_replaced(spelling: bytes) -> None:
    pseudonyms = knowing(TOKEN)
    shown = pseudonyms.text(f"log: {spelling.decode()} end")
    assert shown == f"log: {pseudonyms.of(TOKEN.value)} end"


def test_what_is_shorter_than_four_bytes_is_replaced_only_where_it_stands_alone() -> None:
    pseudonyms = knowing(Secret("name", "Li"))
    assert pseudonyms.text("Li") == pseudonyms.of("Li")
    assert pseudonyms.text("Light") == "Light"


def test_addresses_and_telephone_numbers_are_known_by_their_shape() -> None:
    pseudonyms = Pseudonyms(b"key")
    shown = pseudonyms.text("paired 3C:5A:B4:01:02:03, called +8613812345678 at 3:05:06")
    assert "3C:5A" not in shown
    assert "13812345678" not in shown
    assert shown.endswith(" at 3:05:06")
    assert {secret.kind for secret in pseudonyms.secrets.values()} == {"address", "phone"}


@pytest.mark.parametrize("value", ["Li", 'a "name" in quotes', "back\\slash", "line\nfeed", TOKEN.value])
def test_no_record_is_too_quickly_taken_for_one_without_a_secret(value: str) -> None:
    pseudonyms = knowing(Secret("name", value))
    shown = pseudonyms.shown({"arguments": {"name": value}, "seen": [{value: 1}]})
    name = pseudonyms.of(value)
    assert shown == {"arguments": {"name": name}, "seen": [{name: 1}]}


def test_a_source_is_asked_before_anything_is_written() -> None:
    made: list[Secret] = []
    pseudonyms = Pseudonyms(b"key")
    pseudonyms.follow(lambda: made)
    assert pseudonyms.text(TOKEN.value) == TOKEN.value
    made.append(TOKEN)
    assert pseudonyms.text(TOKEN.value) == pseudonyms.of(TOKEN.value)


def test_structure_and_numbers_stay() -> None:
    record = {"kind": "name", "file": "name.wav", "value": 3.5, "flag": True, "nothing": None}
    assert knowing(Secret("name", "name.wav"), Secret("name", "name")).shown(record) == record


def test_the_case_keeps_the_way_back_for_whom_it_concerns(tmp_path: Path) -> None:
    pseudonyms = knowing(TOKEN, NAME, folder=tmp_path)
    assert load_secrets(tmp_path) == {pseudonyms.of(s.value): s.value for s in (TOKEN, NAME)}
    assert read_secrets(tmp_path)[pseudonyms.of(TOKEN.value)] == TOKEN
    assert stat.S_IMODE((tmp_path / "restricted" / "pseudonyms.json").stat().st_mode) == 0o600


def test_a_case_without_its_restricted_part_has_no_way_back(tmp_path: Path) -> None:
    assert load_secrets(tmp_path) == {}


@pytest.mark.parametrize("text", ["", "[]", '{"schema": 2, "secrets": {}}', '{"schema": 1, "secrets": {"a": 1}}'])
def test_a_file_that_is_no_list_of_secrets_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "restricted").mkdir()
    (tmp_path / "restricted" / "pseudonyms.json").write_text(text)
    with pytest.raises(BadInput):
        load_secrets(tmp_path)


def test_a_run_has_one_random_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    key = key_of_run(tmp_path / "one")
    assert key == key_of_run(tmp_path / "one") != key_of_run(tmp_path / "two")
    path = tmp_path / "one" / "restricted" / "pseudonyms.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("text", ["", "zz", "00ff"])
def test_a_key_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "restricted").mkdir()
    (tmp_path / "restricted" / "pseudonyms.key").write_text(text)
    with pytest.raises(BadInput):
        key_of_run(tmp_path)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(min_size=2, max_size=12).filter(lambda t: len(t.encode("utf-8", "ignore")) >= 4), max_size=4),
    st.text(max_size=40),
    st.randoms(use_true_random=False),
)
def test_no_secret_survives_and_what_holds_none_stays_as_it_was(values: list[str], text: str, rng: object) -> None:
    values = [v for v in values if v.isprintable() and "-" not in v]
    pseudonyms = knowing(*(Secret("name", v) for v in values))
    mixed = text.join(values)
    if not any(value in mixed for value in values) and len(text.encode("utf-8", "replace")) < 8:
        assert pseudonyms.text(mixed) == mixed
    shown = pseudonyms.text(mixed)
    for name in pseudonyms.secrets:
        shown = shown.replace(name, "\0")
    assert not any(value in shown for value in values)
    assert json.dumps(shown)
