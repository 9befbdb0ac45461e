"""What the font can show, and what stands in for the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.evidence.paper.glyphs import GETA, Glyphs
from harness.evidence.paper.words import words

FONTS = Path(__file__).resolve().parents[2] / "reports" / "templates" / "fonts"


@pytest.fixture(scope="module")
def glyphs() -> Glyphs:
    return Glyphs.of(FONTS / "coverage.txt")


def test_all_of_gb_2312_and_every_word_of_ours_can_be_shown(glyphs: Glyphs) -> None:
    known = []
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                known.append(bytes((high, low)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    assert len(known) == 6763
    said = "".join(known) + "".join((*words("zh").values(), *words("en").values())) + "±µΩ≤≥°–—…“”〓éüßŁŠřőążșẵЖЄΩ"
    assert glyphs.shown(said) == said


def test_what_is_not_there_is_replaced_and_kept_in_mind() -> None:
    glyphs = Glyphs.of(FONTS / "coverage.txt")
    assert glyphs.everywhere({"a": ["喆", {"b": "ok 🚗"}], "n": 3, "none": None}) == {
        "a": [GETA, {"b": f"ok {GETA}"}], "n": 3, "none": None,
    }  # fmt: skip
    assert glyphs.lacking == ["U+5586", "U+1F697"]


def test_what_takes_no_room_goes_without_a_word() -> None:
    glyphs = Glyphs.of(FONTS / "coverage.txt")
    assert glyphs.shown("a\u200bb\ufeffc\x07d\te\r\nf") == "abcd e\nf"
    assert glyphs.lacking == []
    assert glyphs.shown("S\u030c") == "\u0160"  # a letter and its accent are one


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=40))
def test_what_comes_out_is_covered_and_stays_as_it_is(text: str) -> None:
    glyphs = Glyphs([range(0x20, 0x250)])
    once = glyphs.shown(text).replace(GETA, "")
    assert glyphs.shown(once) == once


def test_coverage_says_what_is_in_the_font() -> None:
    fonts = pytest.importorskip("fontTools.ttLib")
    cuts = {path.name.partition(".")[0]: set(fonts.TTFont(path).getBestCmap()) for path in FONTS.glob("*.subset.?tf")}
    spans = [line.split("-") for line in (FONTS / "coverage.txt").read_text(encoding="ascii").split()]
    told = {p for first, last in spans for p in range(int(first, 16), int(last, 16) + 1)}
    assert told == cuts["NotoSansCJKsc-Regular"] | cuts["NotoSans-Regular"]
    assert cuts["NotoSansCJKsc-Bold"] | cuts["NotoSans-Bold"] < told


def test_the_fonts_carry_their_licence() -> None:
    licence = (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert licence.startswith("Copyright 2015 Google LLC. All Rights Reserved.\n© 2014-2021 Adobe")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "must not be distributed\nunder any other license" in licence
