"""Golden values: there for every sentence, tied to their sounds, and what the measures give today."""

from __future__ import annotations

import pytest

from harness.audio.golden import FILE, golden_beside
from harness.audio.intelligibility import stoi
from harness.audio.rates import to_rate
from harness.audio.unmeasurable import Unmeasurable
from harness.foundation.errors import BadInput
from harness.phone.codecs import codec

RATE = 16_000


def test_every_sentence_has_golden_values_for_its_present_sound(library) -> None:
    golden = golden_beside(library.manifest)
    for name, entry in library.entries.items():
        if entry.text:
            for path in ("opus", "amr-nb"):
                assert 0.9 < golden.value(name, entry.sha256, path, "stoi") <= 1.0


@pytest.mark.parametrize(("name", "path"), [("on_my_way.zh", "opus"), ("call_me_later.en", "amr-nb")])
def test_the_stored_value_is_what_is_measured_now(library, name: str, path: str) -> None:
    coder = codec(path)
    samples, rate = coder.decode(coder.encode(library.get(name).samples, 48_000))
    measured = stoi(to_rate(library.get(name).samples, 48_000, RATE), to_rate(samples, rate, RATE), RATE).stoi
    stored = golden_beside(library.manifest).value(name, library.entries[name].sha256, path, "stoi")
    assert measured.value == pytest.approx(stored, abs=0.002)


def test_a_changed_sound_or_an_unknown_one_has_no_golden_value(library) -> None:
    golden = golden_beside(library.manifest)
    with pytest.raises(BadInput, match="another hash"):
        golden.value("on_my_way.zh", "0" * 64, "opus", "stoi")
    with pytest.raises(BadInput, match=r"on_my_way\.zh"):
        golden.value("on_my_wey.zh", "0" * 64, "opus", "stoi")
    with pytest.raises(BadInput, match="no mos through opus"):
        golden.value("on_my_way.zh", library.entries["on_my_way.zh"].sha256, "opus", "mos")


def test_a_broken_file_is_named_with_its_line(tmp_path) -> None:
    (tmp_path / FILE).write_text("schema: 1\nmeasured_by: {}\ngolden:\n  a:\n    sha256: short\n    paths: {}\n")
    with pytest.raises(BadInput) as why:
        golden_beside(tmp_path / "stimuli.yaml")
    assert why.value.line == 5


def test_the_editions_stand_beside_the_values(library) -> None:
    by = golden_beside(library.manifest).measured_by
    assert "pystoi" in by["stoi"]
    assert "before corrigendum 2" in by["pesq"]


@pytest.mark.parametrize("metric", ["pesq", "visqol"])
def test_a_score_falls_with_noise_or_its_extra_is_named(speech, channel, metric: str) -> None:
    from harness.audio import quality

    samples = speech["on_my_way.zh"]
    try:
        clean, noisy = (getattr(quality, metric)(samples, channel.noisy(samples, db), RATE) for db in (-80.0, -36.0))
    except Unmeasurable as why:
        assert f"headunit-hil[{metric}]" in str(why)  # noqa: PT017 - either way something is asserted
        return
    assert clean.mos.value > noisy.mos.value + 0.5
    assert metric in clean.edition.lower()
