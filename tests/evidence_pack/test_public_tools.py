"""The steps printed in a pack's README, run as they stand there: openssl, sha256sum and a shell, nothing of ours."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from harness.evidence.seal.seal import lay_token, seal
from harness.evidence.seal.tamper import on_folder
from harness.evidence.seal.tamper.attack import flip
from harness.evidence.seal.tamper.sample import sample


def steps(folder: Path) -> str:
    blocks = re.findall(
        r"^```sh\n(.*?)^```", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert len(blocks) == 1
    return str(blocks[0])


def run(script: str, folder: Path, key: Path) -> subprocess.CompletedProcess[str]:
    tools = {"PATH": os.environ["PATH"], "KEY": str(key), "TMPDIR": str(key.parent), "LC_ALL": "C"}
    return subprocess.run(["sh", "-c", script], cwd=folder, env=tools, capture_output=True, text=True, check=False)


def test_they_hold_on_the_pack_of_a_run(project: Any, keys: Any) -> None:
    made = project.pack()
    seal(made.folder, keys.signing)
    done = run(steps(made.folder), made.folder, keys.public)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "the seal holds"), done.stderr
    assert keys.checking.fingerprint in done.stdout


def test_they_fail_on_a_flipped_bit_of_any_file(sealed: Path, keys: Any) -> None:
    script = steps(sealed)
    assert run(script, sealed, keys.public).returncode == 0
    random = Random(5)
    for path in sorted(p for p in sealed.rglob("*") if p.is_file() and p.stat().st_size):
        bit = random.randrange(8 * path.stat().st_size)
        flip(path, bit)
        done = run(script, sealed, keys.public)
        assert (done.returncode != 0, "the seal holds" in done.stdout) == (True, False), (path, bit)
        flip(path, bit)


def test_they_fail_on_other_ways_of_writing_the_envelope(tmp_path: Path, make_keys: Callable[..., Any]) -> None:
    keys = make_keys()
    sample(tmp_path / "pack", Random(9), files=2)
    sample(tmp_path / "strange", Random(10), files=1)
    for folder in (tmp_path / "pack", tmp_path / "strange"):
        seal(folder, keys.signing)
    strange = (tmp_path / "strange/seal/statement.dsse.json").read_bytes()
    envelope = tmp_path / "pack/seal/statement.dsse.json"
    good = envelope.read_bytes()
    script = steps(tmp_path / "pack")
    others = on_folder.others(tmp_path / "pack", Random(1), strange)
    ways = [attack for attack in others if attack.kind in ("envelope", "seal of another pack")]
    for attack in ways[::3]:
        attack.act(tmp_path / "pack")
        assert run(script, tmp_path / "pack", keys.public).returncode != 0, attack.what
        envelope.write_bytes(good)
    assert run(script, tmp_path / "pack", keys.public).returncode == 0


def test_they_look_at_a_time_stamp_token_too(sealed: Path, keys: Any) -> None:
    lay_token(sealed, b"what an authority would have said", keys.signing)
    script = steps(sealed)
    assert run(script, sealed, keys.public).returncode == 0
    for name in ("timestamp.tsr", "timestamp.dsse.json"):
        flip(sealed / "seal" / name, 77)
        assert run(script, sealed, keys.public).returncode != 0, name
        flip(sealed / "seal" / name, 77)


@pytest.mark.parametrize("what", ["file", "link", "folder", "removed"])
def test_they_fail_on_a_file_more_or_less(sealed: Path, keys: Any, what: str) -> None:
    if what == "file":
        (sealed / "x").write_text("x")
    elif what == "link":
        (sealed / "x").symlink_to("README.md")
    elif what == "folder":
        (sealed / "x").mkdir()
    script = steps(sealed)
    if what == "removed":
        (sealed / "pack.json").unlink()
    assert run(script, sealed, keys.public).returncode != 0


def test_they_fail_with_another_key(sealed: Path, make_keys: Callable[..., Any]) -> None:
    assert run(steps(sealed), sealed, make_keys("other").public).returncode != 0


def test_the_same_steps_stand_in_the_reference(sealed: Path) -> None:
    """A forged pack could bring a forged README."""
    reference = Path(__file__).resolve().parents[2] / "docs/reference/evidence-pack.md"
    assert steps(sealed) in reference.read_text(encoding="utf-8")
