"""Stimulus libraries: folders of sound files with a manifest that says what they are.

A folder holds ``stimuli.yaml`` (or another manifest by name) beside its WAV or FLAC files. Every entry carries the
hash of its file, so a report can name the sound to the bit; a sound is never made while a scenario runs.

    schema: 1
    stimuli:
      on_my_way.en:
        file: on_my_way.en.flac
        sha256: 64 hex digits of the file
        text: I am on my way, see you soon.
        language: en
        speaker: who speaks
        provenance: how it was made or where it is from
        licence: what may be done with it
        duration: 1.850 s
        level: -26.0 dBov
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from harness.audio.port import RATE
from harness.foundation.config import Located, load, suggest
from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.foundation.units import parse_duration, parse_quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST = "stimuli.yaml"


def _seconds(text: str) -> str:
    parse_duration(text)
    return text


def _dbov(text: str) -> str:
    if parse_quantity(text)[1] != "dBov":
        raise ValueError(f"{text!r} is not a level. Write it as '-26.0 dBov'")
    return text


class Entry(BaseModel):
    """One sound in the manifest."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    text: str
    language: str
    speaker: str
    provenance: str
    licence: str
    duration: Annotated[str, AfterValidator(_seconds)]
    level: Annotated[str, AfterValidator(_dbov)]


class Manifest(BaseModel):
    """``stimuli.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: int = Field(alias="schema")
    stimuli: dict[str, Entry]


@dataclass(frozen=True)
class Stimulus:
    """A sound ready to play: read-only int16 ``samples`` at 48 kHz, active ``level`` in dBov (RMS for what is not
    speech), ``sha256`` of the stored file."""

    id: str
    samples: NDArray[np.int16] = field(repr=False)
    text: str
    language: str
    speaker: str
    provenance: str
    level: float
    sha256: str

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE


@dataclass(frozen=True)
class Library:
    """The sounds of one folder. Files are checked when the library is loaded and decoded when first asked for."""

    manifest: Path
    entries: Mapping[str, Entry]
    _located: Located = field(repr=False)
    _decoded: dict[str, Stimulus] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, folder: Path, manifest: str = MANIFEST) -> Library:
        """Read and check ``folder``. BadInput or SeveralBadInputs with file and line for a manifest that is wrong, a
        file that is missing or that has changed since its hash was written."""
        path = Path(folder) / manifest
        read, located = load(path, Manifest)
        errors = [e for name, entry in read.stimuli.items() if (e := _wrong_file(path, located, name, entry))]
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise SeveralBadInputs(errors)
        return cls(path, read.stimuli, located)

    def ids(self) -> tuple[str, ...]:
        return tuple(sorted(self.entries))

    def get(self, name: str) -> Stimulus:
        """The sound of that id. BadInput with a suggestion for an unknown one, or when the file is not mono sound."""
        if name not in self._decoded:
            if name not in self.entries:
                raise BadInput(self.manifest, None, name, "no such stimulus", suggest(name, self.entries))
            self._decoded[name] = self._decode(name, self.entries[name])
        return self._decoded[name]

    def _decode(self, name: str, entry: Entry) -> Stimulus:
        import soundfile

        from harness.audio.rates import to_rate

        file = self.manifest.parent / entry.file
        try:
            samples, rate = soundfile.read(file, dtype="int16", always_2d=True)
        except soundfile.SoundFileError as why:
            problem = f"{entry.file} cannot be read: {why}"
            raise self._located.error(("stimuli", name, "file"), problem, "Store it as WAV or FLAC.") from why
        if samples.shape[1] != 1:
            problem = f"{entry.file} has {samples.shape[1]} channels"
            raise self._located.error(("stimuli", name, "file"), problem, "Store one channel.")
        claimed = parse_duration(entry.duration) / 1e9
        if abs(len(samples) / rate - claimed) > 0.001:
            problem = f"{entry.file} lasts {len(samples) / rate:.3f} s"
            raise self._located.error(("stimuli", name, "duration"), problem, "Write its true duration.")
        converted = to_rate(samples[:, 0], rate, RATE).view()
        converted.flags.writeable = False
        level = float(Decimal(parse_quantity(entry.level)[0]))
        return Stimulus(
            name, converted, entry.text, entry.language, entry.speaker, entry.provenance, level, entry.sha256
        )


def file_hash(path: Path) -> str:
    """SHA-256 of a file, 64 hex digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _wrong_file(path: Path, located: Located, name: str, entry: Entry) -> BadInput | None:
    file = path.parent / entry.file
    if not file.resolve().is_relative_to(path.parent.resolve()):
        return located.error(
            ("stimuli", name, "file"), "the file is outside the folder", "Keep it beside the manifest."
        )
    if not file.is_file():
        near = suggest(entry.file, (p.name for p in path.parent.iterdir() if p.suffix in {".wav", ".flac"}))
        return located.error(("stimuli", name, "file"), "no such file", near)
    if file_hash(file) != entry.sha256:
        remedy = "Restore the file, or measure it again with tools/make_stimuli.py --adopt."
        return located.error(("stimuli", name, "sha256"), f"{entry.file} has another hash", remedy)
    return None
