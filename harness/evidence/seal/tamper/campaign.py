"""The campaign: packs that nobody touched have to verify, and every attack on one has to be refused, with its file.

Theory. An attack counts as refused only when the refusal names a file that was attacked (or the zip itself, where no
file within can be named). No attack meets what another one left behind. One that leaves the pack as it was is a bug
of the campaign, and shows as missed.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from random import Random

from harness.evidence.pack.names import ENVELOPE
from harness.evidence.pack.write import zip_of
from harness.evidence.seal.keys import KINDS, PublicKey, generate, load_signing
from harness.evidence.seal.seal import lay_token, seal
from harness.evidence.seal.tamper import on_folder, on_zip
from harness.evidence.seal.tamper.attack import Attack
from harness.evidence.seal.tamper.sample import sample
from harness.evidence.seal.verify import verify


@dataclass
class Tally:
    """What came of it. ``tried`` and ``refused`` by kind of attack; ``missed`` tells each one that got past, or was
    refused without its file; ``untouched`` counts packs that nobody touched, ``disturbed`` those wrongly refused."""

    tried: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    untouched: int = 0
    disturbed: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.missed and not self.disturbed


def campaign(
    place: Path,
    *,
    seed: int,
    flips: int,
    untouched: int,
    every: int = 1,
    tell: Callable[[Tally], None] = lambda _: None,
) -> Tally:
    """Attack small packs made in ``place`` (an empty folder), sealed by either kind of key. ``flips`` bits in all,
    half of them in the zip; ``untouched`` packs that have to verify, each as folder and as zip; ``every``: of the
    attacks that are no flips only each so-manieth."""
    tally = Tally()
    for number in range(untouched):
        _untouched(place, seed, number, tally)
        tell(tally)
    for kind in KINDS:
        random = Random(f"{seed}:{kind}")
        key = generate(place / kind, kind)
        pack, strange = place / f"{kind}-pack", place / f"{kind}-strange"
        signing = load_signing(place / f"{kind}.key", {})
        for folder in (strange, pack):
            sample(folder, random)
            seal(folder, signing)
        lay_token(pack, random.randbytes(300), signing)  # what it says is for the authority's certificates to check
        envelope = (strange / ENVELOPE).read_bytes()
        share = flips // (2 * len(KINDS))
        for source, ways in ((pack, on_folder), (zip_of(pack), on_zip)):
            others = list(ways.others(source, random, envelope))[random.randrange(every) :: every]
            for _ in attacked(source, chain(ways.flips(source, random, share), others), key, tally):
                tell(tally)
    return tally


def attacked(source: Path, attacks: Iterator[Attack], key: PublicKey, tally: Tally) -> Iterator[None]:
    """Make each attack on a copy of ``source``, a sealed folder or zip, and enter into ``tally`` what came of it."""
    target = source.with_name(f"attacked-{source.name}")
    for attack in attacks:
        if not target.exists():
            _copy(source, target)
        attack.act(target)
        _judge(attack, target, key, tally)
        if attack.undo is not None:
            attack.undo(target)
        else:
            _delete(target)
        yield
    _delete(target)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


def _delete(target: Path) -> None:
    for left in (target, target.with_name(f"{target.name}.outside")):
        shutil.rmtree(left, ignore_errors=True)
        left.unlink(missing_ok=True)


def _judge(attack: Attack, target: Path, key: PublicKey, tally: Tally) -> None:
    tally.tried[attack.kind] += 1
    found = verify(target, key)
    named = {refusal.file for refusal in found.refusals}
    wanted = {target.name if file == target.name.removeprefix("attacked-") else file for file in attack.files}
    if found.holds:
        tally.missed.append(f"{attack.kind}: {attack.what}: the seal holds")
    elif attack.files and not named & wanted:
        tally.missed.append(f"{attack.kind}: {attack.what}: refused at {', '.join(sorted(named)[:3])}")
    elif not all(named):
        tally.missed.append(f"{attack.kind}: {attack.what}: refused without naming a file")
    else:
        tally.refused[attack.kind] += 1


def _untouched(place: Path, seed: int, number: int, tally: Tally) -> None:
    random = Random(f"{seed}:untouched:{number}")
    kind = KINDS[number % len(KINDS)]
    prefix, folder = place / f"untouched-{number}", place / f"untouched-{number}-pack"
    key = generate(prefix, kind)
    sample(folder, random, files=random.randrange(1, 25), largest=random.choice((50, 2000, 40_000)))
    seal(folder, load_signing(Path(f"{prefix}.key"), {}))
    tally.untouched += 1
    for pack in (folder, zip_of(folder)):
        found = verify(pack, key)
        tally.disturbed += [f"{pack.name}: {refusal}" for refusal in found.refusals]
    shutil.rmtree(folder)
    zip_of(folder).unlink()
