"""The command that mutates: what becomes of a mutant, and what is said of all of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def tools() -> Any:
    """The package below tools/, importable for the length of a test."""
    pytest.importorskip("mutmut")
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        yield
    finally:
        sys.path.remove(str(ROOT / "tools"))


def fates(toy: Path) -> dict[str, str]:
    rows = [json.loads(line) for line in (toy / "out/results.jsonl").read_text("utf-8").splitlines()]
    return {row["diff"].splitlines()[-1].strip("+ "): row["fate"] for row in rows}


def test_every_mutant_meets_its_fate(mutants: Run, toy: Path) -> None:
    code, told, _ = mutants("--all")
    became = fates(toy)

    assert became["return pushes > LIMIT"] == "failed"
    assert became["LIMIT = 4"] == "failed", "what runs at import is asked of whoever runs the module"
    assert became["LIMIT = None"] == "crashed"
    assert became["return 'red' if day > 8 else 'blue'".replace("'", '"')] == "survived"
    assert became["return a - 4"] == "survived", "no test runs this line"
    assert became["n = 1"] == "hung"
    assert told["tried"] == told["mutants"] == sum(told["counts"].values())
    assert any(r["why"] == "no test runs this line" for r in told["survivors"])
    assert code == (0 if told["killed"]["share"] >= 0.5 else 1)

    entry = {"file": "toy/door.py", "line": "return a + 4", "kind": "right", "why": "nobody calls it"}
    (toy / "equivalent.yaml").write_text(json.dumps([entry]), encoding="utf-8")
    kept = (toy / "out/results.jsonl").read_text("utf-8")
    _, again, _ = mutants("--all")
    assert again["counts"]["right"] == 2
    assert again["counts"]["survived"] == told["counts"]["survived"] - 2
    assert again["killed"]["of"] == told["killed"]["of"] - 2
    assert (toy / "out/results.jsonl").read_text("utf-8") == kept, "nothing was tried twice"

    (toy / "tests/test_more.py").write_text(
        "from toy.door import never\n\ndef test_never():\n    assert never(1) == 5\n"
    )
    (toy / "equivalent.yaml").write_text("[]")
    _, after, _ = mutants("--all", "--retry")
    assert after["counts"]["survived"] == told["counts"]["survived"] - 2, "a new test kills what had survived"


def test_other_sources_need_another_folder(mutants: Run, toy: Path) -> None:
    mutants("--sample", "2")
    (toy / "toy/door.py").write_text((toy / "toy/door.py").read_text("utf-8").replace("> 7", "> 6"), encoding="utf-8")
    code, _, said = mutants("--sample", "2")
    assert code == 2
    assert "other sources" in said


def test_an_excuse_needs_a_reason(mutants: Run, toy: Path) -> None:
    entry = {"file": "toy/door.py", "line": "return a + 4", "kind": "right", "why": " "}
    (toy / "equivalent.yaml").write_text(json.dumps([entry]), encoding="utf-8")
    code, _, said = mutants("--all")
    assert code == 2
    assert "needs a reason" in said


def test_a_sample_is_in_proportion_and_repeats(tools: None) -> None:
    from mutation.sample import draw

    drawn = draw([100, 300, 600], 100, seed=4)
    assert drawn == draw([100, 300, 600], 100, seed=4)
    assert len(set(drawn)) == 100
    counts = [sum(file == f for file, _ in drawn) for f in range(3)]
    assert [abs(c - w) <= 1 for c, w in zip(counts, (10, 30, 60), strict=True)] == [True] * 3
    assert drawn != draw([100, 300, 600], 100, seed=5)


def test_the_interval_of_a_share_is_wilsons(tools: None) -> None:
    from mutation.sample import share

    got = share(81, 263)  # the worked example of Newcombe 1998, Statistics in Medicine 17
    assert (round(got.low, 4), round(got.high, 4)) == (0.2553, 0.3662)


def test_what_cannot_behave_is_not_mutated(tools: None, tmp_path: Path) -> None:
    from mutation.mutants import Mill

    (tmp_path / "a.py").write_text(
        '"""A text."""\nfrom typing import TYPE_CHECKING\n\n__all__ = ["f"]\nif TYPE_CHECKING:\n    X = 3\n\n'
        'def f(a: "int") -> "str":\n    """Doc."""\n    raise ValueError("no", 3)\n'
    )
    assert len(Mill(tmp_path, Path("a.py"))) == 0


def test_a_mutant_is_the_whole_file_with_one_thing_changed(tools: None, tmp_path: Path) -> None:
    from mutation.mutants import Mill

    text = "A = (\n    1,\n    'x',\n)\n\nclass B:\n    @property\n    def c(self):\n        return self.d + 1\n"
    (tmp_path / "a.py").write_text(text)
    mill = Mill(tmp_path, Path("a.py"))
    found = {mill.mutant(n).diff.splitlines()[-1].strip("+ "): mill.mutant(n) for n in range(len(mill))}
    assert found["'XXxXX',"].span == (1, 4)
    assert found["'XXxXX',"].at_import
    assert not found["return self.d - 1"].at_import, "a property is mutated as well"
    for n in range(len(mill)):
        compile(mill.code(n), "a.py", "exec")


def test_what_the_type_checker_refuses_is_no_mutant(tools: None, tmp_path: Path) -> None:
    from mutation.campaign import Campaign
    from mutation.mutants import Mill
    from mutation.typed import refused

    (tmp_path / "a.py").write_text("A: int = 3\n")
    campaign = Campaign("a", "A", tmp_path, "tests", (Path("a.py"),), "a", (), (), (), ("a.py",), 0.5)
    mill = Mill(tmp_path, Path("a.py"))
    drawn = [(mill, n) for n in range(len(mill))]
    bad = refused(campaign, drawn, tmp_path / "types")
    became = {mill.mutant(n).diff.splitlines()[-1]: (mill.source, n) in bad for n in range(len(mill))}
    assert became == {"+A: int = 4": False, "+A: int = None": True}


def test_the_excuses_of_this_project_can_be_read(tools: None) -> None:
    from mutation import equivalent

    for excuse in equivalent.load(ROOT / "tools/mutation/equivalent.yaml"):
        lines = (ROOT / excuse.file).read_text("utf-8").splitlines()
        known = excuse.line == "*" or any(" ".join(x.split()) == " ".join(excuse.line.split()) for x in lines)
        assert known, f"{excuse.file} has no line {excuse.line!r} any more"
