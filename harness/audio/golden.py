"""Golden values: what each stimulus scores on a path that adds nothing but its codec.

Theory. A score of quality depends on voice, sentence and codec more than on a small fault: a synthetic sentence through
AMR scores lower than a person's through Opus, and neither is anybody's fault. So a path is judged by its drop from a
golden run of the same sentence through the same codec. The values stand in ``golden.yaml`` beside the stimuli, with the
hash of the sound they belong to and the editions of what measured them; ``tools/make_golden.py`` writes them.

    schema: 1
    measured_by: {stoi: pystoi 0.4.1, codecs: av 18.1.0}
    golden:
      on_my_way.zh:
        sha256: 64 hex digits of the sound's file
        paths:
          opus: {stoi: 0.998}
          amr-nb: {stoi: 0.976}
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from harness.foundation.config import Located, load, suggest
from harness.foundation.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "golden.yaml"
_MAKE = "Measure it with tools/make_golden.py."


class _Sound(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    paths: dict[str, dict[str, float]]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: int = Field(alias="schema")
    measured_by: dict[str, str]
    golden: dict[str, _Sound]


@dataclass(frozen=True)
class Golden:
    """Golden values of one folder of stimuli; ``measured_by`` says what measured them, with its edition."""

    path: Path
    measured_by: Mapping[str, str]
    _sounds: Mapping[str, _Sound] = field(repr=False)
    _located: Located = field(repr=False)

    def value(self, stimulus: str, sha256: str, path: str, metric: str) -> float:
        """The golden value of ``metric`` for ``stimulus`` through ``path`` (a codec's name); ``sha256``: of its file.

        BadInput when there is none, or when it was measured on another sound.
        """
        sound = self._sounds.get(stimulus)
        if sound is None:
            raise BadInput(self.path, None, stimulus, "no golden values", f"{suggest(stimulus, self._sounds)} {_MAKE}")
        if sound.sha256 != sha256:
            raise self._located.error(("golden", stimulus, "sha256"), "the sound has another hash by now", _MAKE)
        values = sound.paths.get(path)
        if values is None or metric not in values:
            known = ", ".join(f"{p}: {', '.join(v)}" for p, v in sound.paths.items())
            problem = f"no {metric} through {path} (there is {known})"
            raise self._located.error(("golden", stimulus, "paths"), problem, _MAKE)
        return values[metric]


@lru_cache(maxsize=8)
def golden_beside(manifest: Path) -> Golden:
    """The golden values beside a library's manifest. BadInput with file and line for what is wrong with the file."""
    path = manifest.parent / FILE
    read, located = load(path, _File)
    return Golden(path, read.measured_by, read.golden, located)
