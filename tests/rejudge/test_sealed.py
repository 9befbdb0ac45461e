"""A seal says who answers for a pack, not that its figures are what was recorded: that, judging again says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from harness.cli.main import main
from harness.evidence.finish import finish
from harness.evidence.pack.contents import relist
from harness.evidence.pack.write import pack
from harness.evidence.seal.keys import generate, load_public, load_signing
from harness.evidence.seal.seal import seal
from harness.evidence.seal.verify import verify

ROOT = Path(__file__).resolve().parents[2]
LOGIN, SENDING = "scan_and_confirm", "arrives_whole"


@pytest.fixture(scope="module")
def sealed(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack of the run with two cases only, sealed; its key lies beside it."""
    place = tmp_path_factory.mktemp("sealed")
    two = place / "run"
    for case in (run / "cases").iterdir():
        if LOGIN in case.name or SENDING in case.name:
            shutil.copytree(case, two / "cases" / case.name)
    shutil.copy(run / "meta.json", two)
    finish(two, allure=False)
    packed = pack(two, place / "pack", root=ROOT, search=lambda _pack, _run: None)
    generate(place / "lab")
    seal(packed.folder, load_signing(place / "lab.key", {}))
    return packed.folder


def test_a_sealed_pack_is_judged_again_by_what_it_brings(sealed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for pack_ in (sealed, sealed.with_name("pack.zip")):
        assert main(["evidence", "rejudge", str(pack_), "-n", "1", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["kinds"]["stoi"] == {"equal": 1}


@pytest.mark.parametrize(
    ("what", "words", "observation"),
    [("payload", LOGIN, "reaches"), ("samples", SENDING, "stoi"), ("picture", LOGIN, "shows")],
)
def test_a_change_that_was_sealed_again_is_found_all_the_same(
    sealed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: Any, what: str, words: str,
    observation: str,
) -> None:  # fmt: skip
    """A frame, a run of samples, a picture: the seal holds, the figures do not."""
    folder = Path(shutil.copytree(sealed, tmp_path / "pack"))
    getattr(changes(next(folder.glob(f"cases/*{words}*"))), what)()
    relist(folder)
    seal(folder, load_signing(sealed.with_name("lab.key"), {}))
    assert verify(folder, load_public(sealed.with_name("lab.pub"))).holds
    assert main(["evidence", "rejudge", str(folder), "-n", "1", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["kinds"][observation]["different"] >= 1
