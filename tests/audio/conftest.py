"""Speech to measure on: the stored stimuli at 16 kHz, and people's where pocketsphinx-testdata is installed."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from harness.audio.rates import to_rate
from harness.audio.stimuli import Library

ROOT = Path(__file__).parents[2]
HUMAN = Path("/usr/share/pocketsphinx/test/data")
RATE = 16_000
SHORT = ("on_my_way", "call_me_later", "ten_minutes")


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load(ROOT / "scenarios/stimuli")


@pytest.fixture(scope="session")
def speech(library: Library) -> dict[str, np.ndarray]:
    """Our short sentences, int16 at 16 kHz."""
    names = [f"{name}.{language}" for name in SHORT for language in ("zh", "en")]
    return {name: to_rate(library.get(name).samples, 48_000, RATE) for name in names}


@pytest.fixture(scope="session")
def sounds() -> dict[str, np.ndarray]:
    """The head unit's chimes, int16 at 48 kHz."""
    library = Library.load(ROOT / "dbc/gs4/sounds", "sounds.yaml")
    return {name: library.get(name).samples for name in library.ids()}


@pytest.fixture(scope="session")
def people() -> dict[str, np.ndarray]:
    """Human readers, int16 at 16 kHz; skipped with the reason where the recordings are not installed."""
    files = sorted(HUMAN.glob("librivox/*.wav")) + sorted(HUMAN.glob("cards/*.wav"))
    if not files:
        pytest.skip(f"no human recordings: Debian's pocketsphinx-testdata is not installed ({HUMAN})")
    import soundfile

    found = {}
    for file in files:
        samples, rate = soundfile.read(file, dtype="int16")
        if len(samples) >= 1.5 * rate:
            found[file.stem] = to_rate(samples[: 6 * rate], rate, RATE)
    return found


class Channel:
    """What may happen to a sound on its way, with a seeded source of noise."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def late(self, x: np.ndarray, samples: float, tail: int = 4000) -> np.ndarray:
        """Delayed by a fraction of samples, exactly, in the frequency domain."""
        count = len(x) + int(samples) + tail
        turn = np.exp(-2j * np.pi * np.fft.rfftfreq(count) * samples)
        return (
            np.rint(np.fft.irfft(np.fft.rfft(x.astype(float), count) * turn, count))
            .clip(-32768, 32767)
            .astype(np.int16)
        )

    def noisy(self, x: np.ndarray, level: float) -> np.ndarray:
        """With white noise of ``level`` dBov."""
        noise = self.random.standard_normal(len(x)) * 32768 * 10 ** (level / 20)
        return np.rint(x + noise).clip(-32768, 32767).astype(np.int16)

    def coded(self, x: np.ndarray, codec: str = "libopus", rate: int = RATE, bits: int = 16_000) -> np.ndarray:
        """Through a speech codec and back to 16 kHz."""
        import av

        out = io.BytesIO()
        with av.open(out, "w", format="amr" if "amr" in codec else "matroska") as box:
            stream = box.add_stream(codec, rate=rate, layout="mono")
            stream.bit_rate = bits
            frame = av.AudioFrame.from_ndarray(to_rate(x, RATE, rate)[None, :], format="s16", layout="mono")
            frame.sample_rate = rate
            into = av.AudioResampler(
                format=stream.format, layout="mono", rate=rate, frame_size=stream.frame_size or 960
            )
            for part in [*into.resample(frame), *into.resample(None)]:
                box.mux(stream.encode(part))
            box.mux(stream.encode(None))
        out.seek(0)
        with av.open(out) as box:
            back = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            parts = [p.to_ndarray()[0] for f in box.decode(audio=0) for p in back.resample(f)]
            parts += [p.to_ndarray()[0] for p in back.resample(None)]
        return np.concatenate(parts)


@pytest.fixture
def channel() -> Channel:
    return Channel(20)
