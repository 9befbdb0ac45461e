"""seal: what is signed, what is refused to be sealed, and what becomes of the zip."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from harness.evidence.pack.contents import relist
from harness.evidence.pack.write import zip_of
from harness.evidence.seal.seal import seal
from harness.evidence.seal.tamper.sample import sample
from harness.evidence.seal.verify import verify
from harness.foundation.errors import BadInput, SeveralBadInputs


def statement_of(folder: Path) -> dict[str, Any]:
    envelope = json.loads((folder / "seal/statement.dsse.json").read_bytes())
    return json.loads(base64.b64decode(envelope["payload"]))  # type: ignore[no-any-return]


def test_a_pack_of_a_run_is_sealed_and_holds_as_folder_and_as_zip(project: Any, keys: Any) -> None:
    made = project.pack()
    seal(made.folder, keys.signing)
    for pack in (made.folder, made.zip):
        found = verify(pack, keys.checking)
        assert (found.holds, found.number, found.edition) == (True, made.contents.number, "full")
        assert found.files == len(made.contents.files) + 1


def test_the_statement_is_a_test_result_about_every_file(project: Any, keys: Any) -> None:
    made = project.pack()
    seal(made.folder, keys.signing)
    told = statement_of(made.folder)
    assert told["_type"] == "https://in-toto.io/Statement/v1"
    assert told["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    assert [s["name"] for s in told["subject"]] == sorted({"pack.json", *(one.name for one in made.contents.files)})
    assert told["predicate"]["result"] == "PASSED"
    assert told["predicate"]["passedTests"] == ["scenarios/buttons/test_press.py::test_press[gs4]"]
    assert {c["name"].partition("/")[0] for c in told["predicate"]["configuration"]} == {
        "requirements", "rig", "scenarios", "vehicle",
    }  # fmt: skip


def test_a_red_run_is_sealed_as_failed(project: Any, keys: Any) -> None:
    results = project.run / "run.json"
    results.write_text(results.read_text().replace('"PASS"', '"FAIL"').replace('"exit_code": 0', '"exit_code": 1'))
    made = project.pack()
    seal(made.folder, keys.signing)
    told = statement_of(made.folder)["predicate"]
    assert (told["result"], told["passedTests"], len(told["failedTests"])) == ("FAILED", [], 1)


def test_sealing_again_replaces_the_seal(sealed: Path, make_keys: Callable[..., Any]) -> None:
    other = make_keys("other")
    seal(sealed, other.signing)
    assert verify(sealed, other.checking).holds
    assert verify(zip_of(sealed), other.checking).holds


def test_ed25519_gives_the_same_bytes_again(tmp_path: Path, make_keys: Callable[..., Any]) -> None:
    keys = make_keys()
    sample(tmp_path / "a", Random(3))
    seal(tmp_path / "a", keys.signing)
    first = (tmp_path / "a.zip").read_bytes()
    seal(tmp_path / "a", keys.signing)
    assert (tmp_path / "a.zip").read_bytes() == first


@pytest.mark.parametrize("zip_", ["missing", "broken", "of another pack"])
def test_a_zip_that_does_not_hold_what_the_folder_holds_is_made_again(tmp_path: Path, keys: Any, zip_: str) -> None:
    folder = tmp_path / "a"
    sample(folder, Random(3))
    if zip_ == "missing":
        zip_of(folder).unlink()
    elif zip_ == "broken":
        zip_of(folder).write_bytes(b"PK")
    else:
        sample(tmp_path / "b", Random(4))
        zip_of(tmp_path / "b").replace(zip_of(folder))
    seal(folder, keys.signing)
    assert verify(zip_of(folder), keys.checking).holds


def test_a_pack_changed_on_purpose_is_sealed_once_it_is_listed_again(sealed: Path, keys: Any) -> None:
    (sealed / "run/run.json").write_bytes((sealed / "run/run.json").read_bytes() + b" ")
    with pytest.raises(SeveralBadInputs, match=r"run/run\.json.*not as pack\.json lists it"):
        seal(sealed, keys.signing)
    relist(sealed)
    seal(sealed, keys.signing)
    assert verify(sealed, keys.checking).holds
    assert verify(zip_of(sealed), keys.checking).holds


def test_a_damaged_pack_is_not_sealed_and_all_that_is_wrong_is_named(sealed: Path, keys: Any) -> None:
    (sealed / "extra.txt").write_text("x")
    (sealed / "empty").mkdir()
    (sealed / "link").symlink_to("extra.txt")
    (sealed / "README.md").unlink()
    with pytest.raises(SeveralBadInputs) as why:
        seal(sealed, keys.signing)
    assert {Path(one.where).name for one in why.value.errors} == {"extra.txt", "empty", "link", "README.md"}


@pytest.mark.parametrize("what", ["a zip", "nothing", "another folder"])
def test_only_a_packs_folder_is_sealed(sealed: Path, keys: Any, tmp_path: Path, what: str) -> None:
    places = {"a zip": zip_of(sealed), "nothing": tmp_path / "none", "another folder": tmp_path}
    with pytest.raises(BadInput):
        seal(places[what], keys.signing)
