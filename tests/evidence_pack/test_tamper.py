"""A slice of the tamper campaign; the whole of it is ``hil evidence tamper``."""

from __future__ import annotations

from pathlib import Path

from harness.evidence.seal.tamper.attack import Attack
from harness.evidence.seal.tamper.campaign import Tally, attacked, campaign


def test_every_attack_of_a_slice_is_refused_with_its_file_and_untouched_packs_hold(tmp_path: Path) -> None:
    tally = campaign(tmp_path, seed=11, flips=300, untouched=3, every=24)
    assert tally.missed == []
    assert tally.disturbed == []
    assert (tally.untouched, tally.tried.total() - tally.refused.total()) == (3, 0)
    assert tally.tried.total() > 320
    assert len(tally.tried) > 20


def test_an_attack_that_changes_nothing_or_is_refused_elsewhere_counts_as_missed(sealed: Path, keys: object) -> None:
    """Else the campaign could not fail."""
    tally = Tally()
    attacks = [
        Attack("nothing", "done", frozenset(), lambda _: None),
        Attack("wrong", "file named", frozenset({"README.md"}), lambda pack: (pack / "pack.json").unlink()),
        Attack("right", "file named", frozenset({"pack.json"}), lambda pack: (pack / "pack.json").unlink()),
    ]
    for _ in attacked(sealed, iter(attacks), keys.checking, tally):  # type: ignore[attr-defined]
        pass
    assert [line.partition(":")[0] for line in tally.missed] == ["nothing", "wrong"]
    assert tally.refused == {"right": 1}
