"""The frames of one identity put together in each way that a text may have been split over them.

Theory. Who hides a text in bus traffic sends it piece by piece. In a frame of up to eight bytes any stretch may carry a
piece; of a longer one, up to three bytes at either end may be the protocol's own (transport protocols, counters,
checksums). And where a cycle repeats a piece until the next one comes, each is taken once. A place in the joined bytes
leads back to the frames that carry it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHORT = 8
"""In a frame of so many bytes any stretch of them may be what is used."""
OWN_BYTES = 3
"""In a longer one, so many bytes at either end may be the protocol's own."""


class Joined(NamedTuple):
    """``data``: what was joined. Piece i of it begins at ``starts[i]``, comes from byte ``head`` on of the frames
    ``first[i]`` up to before ``first[i + 1]``, which all carry the same."""

    data: bytes
    head: int
    starts: NDArray[np.int64]
    first: NDArray[np.int64]

    def places(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """(frame, byte of it) of everything in ``data[start:stop]``."""
        import numpy as np

        for at in range(start, stop):
            piece = int(np.searchsorted(self.starts, at, side="right")) - 1
            for frame in range(int(self.first[piece]), int(self.first[piece + 1])):
                yield frame, self.head + at - int(self.starts[piece])


def joined(frames: Sequence[bytes], *, whole: bool = False) -> Iterator[Joined]:
    """``whole``: only whole frames are taken, not stretches of them."""
    import numpy as np

    if not frames:
        return
    lengths = np.array([len(frame) for frame in frames])
    shortest = int(lengths.min())
    uniform = shortest == int(lengths.max())
    table = np.frombuffer(b"".join(frames), np.uint8).reshape(len(frames), -1) if uniform and shortest else None
    most = 0 if whole else OWN_BYTES if shortest > SHORT else shortest
    everything = np.arange(len(frames) + 1)
    for head in range(most + 1):
        for tail in range(most + 1):
            if shortest - head - tail <= 0:
                continue
            if table is not None:
                pieces = table[:, head : shortest - tail]
                new = np.concatenate(([True], (pieces[1:] != pieces[:-1]).any(axis=1)))
                yield _regular(pieces, head, everything)
                if not new.all():
                    yield _regular(pieces[new], head, np.append(np.flatnonzero(new), len(frames)))
                continue
            listed = [frame[head : len(frame) - tail] for frame in frames]
            yield _irregular(listed, head, everything)
            different = [i for i, piece in enumerate(listed) if not i or piece != listed[i - 1]]
            if len(different) < len(listed):
                yield _irregular([listed[i] for i in different], head, np.array([*different, len(frames)]))


def _regular(pieces: NDArray[np.uint8], head: int, first: NDArray[np.int64]) -> Joined:
    import numpy as np

    return Joined(pieces.tobytes(), head, np.arange(len(pieces)) * pieces.shape[1], first)


def _irregular(pieces: list[bytes], head: int, first: NDArray[np.int64]) -> Joined:
    import numpy as np

    lengths = np.array([len(piece) for piece in pieces])
    return Joined(b"".join(pieces), head, np.cumsum(lengths) - lengths, first)
