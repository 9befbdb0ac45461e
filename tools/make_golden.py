"""Measures the golden values of the stimuli: each sentence through each codec and nothing else.

Run: ``python tools/make_golden.py`` (by hand, when a stimulus, a codec or a metric changes). It writes
scenarios/stimuli/golden.yaml. PESQ and ViSQOL are measured where their extras are installed and left out elsewhere;
with --show nothing is written.
"""

from __future__ import annotations

import argparse
import sys
from importlib import metadata
from pathlib import Path

import yaml

from harness.audio.golden import FILE
from harness.audio.intelligibility import stoi
from harness.audio.quality import pesq, visqol
from harness.audio.rates import to_rate
from harness.audio.stimuli import Library
from harness.audio.unmeasurable import Unmeasurable
from harness.phone.codecs import CODECS, codec

ROOT = Path(__file__).resolve().parent.parent
RATE = 16_000


def measured(library: Library, names: list[str]) -> tuple[dict[str, object], dict[str, str]]:
    by = {"stoi": f"pystoi {metadata.version('pystoi')}", "codecs": f"av {metadata.version('av')}"}
    found: dict[str, object] = {}
    for name in names:
        sound = library.get(name).samples
        said, paths = to_rate(sound, 48_000, RATE), {}
        for path in CODECS:
            try:
                coder = codec(path)
            except ValueError as why:
                print(f"{path} is left out: {why}", file=sys.stderr)
                continue
            samples, rate = coder.decode(coder.encode(sound, 48_000))
            heard = to_rate(samples, rate, RATE)
            values = {"stoi": round(stoi(said, heard, RATE).stoi.value, 4)}
            for metric, measure in (("pesq", pesq), ("visqol", visqol)):
                try:
                    score = measure(said, heard, RATE)
                except Unmeasurable as why:
                    print(f"{name} {path}: {why}", file=sys.stderr)
                    continue
                values[metric], by[metric] = round(score.mos.value, 3), score.edition
            if path == "silk":
                by["silk"] = f"pilk-nogil {metadata.version('pilk-nogil')}"
            paths[path] = values
        found[name] = {"sha256": library.get(name).sha256, "paths": paths}
    return found, by


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="print instead of writing")
    arguments = parser.parse_args()
    library = Library.load(ROOT / "scenarios/stimuli")
    found, by = measured(library, [name for name in library.ids() if library.entries[name].text])
    data = {"schema": 1, "measured_by": by, "golden": found}
    text = "# Written by tools/make_golden.py: each sentence through a codec and nothing else.\n"
    text += yaml.safe_dump(data, sort_keys=False, width=110, default_flow_style=None)
    if arguments.show:
        print(text, end="")
    else:
        (library.manifest.parent / FILE).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
