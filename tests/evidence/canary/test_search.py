from __future__ import annotations

from pathlib import Path

import pytest

from harness.evidence.canary.search import check, known_secrets, search
from harness.foundation.errors import BadInput
from harness.foundation.journal import Journal
from harness.foundation.pseudonyms import Pseudonyms, Secret

TOKEN = Secret("token", "HVK7DIAKS3JV7XQ4FBS7SMFDWY")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of one case that knows a token."""
    case = tmp_path / "run" / "cases" / "login.1"
    case.mkdir(parents=True)
    pseudonyms = Pseudonyms(b"key", case)
    pseudonyms.learn([TOKEN])
    journal = Journal(case / "journal.jsonl", pseudonyms)
    journal.write("note", 0, text=f"session {TOKEN.value} was opened")
    journal.close()
    return tmp_path / "run"


def test_a_journal_written_through_the_door_holds_no_secret(run: Path) -> None:
    assert search(run, known_secrets(run)) == []
    check(run)


def test_a_planted_secret_is_found_with_its_place(run: Path) -> None:
    (run / "summary.html").write_text(f"<p>{TOKEN.value}</p>")
    (finding,) = search(run, known_secrets(run))
    assert (finding.file, finding.offset, finding.kind, finding.encoding) == ("summary.html", 3, "token", "utf-8")
    with pytest.raises(BadInput, match=r"summary\.html at byte 3: token-"):
        check(run)
