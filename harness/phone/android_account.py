"""A person's account as his phone shows it: what he writes by the app, and what the app lists as received.

Theory. A thread looks at the inbox now and then, when nobody else works the phone; what it saw is taken over while
the clock runs. A message that was not there at one look and is there at the next has come in between: that is its
stamp. The watermark is the beginning of the last look. What is there at the first look was there before, and is not
counted.

Rows have no ids. A look is laid against what is known: the longest end of the known that is the beginning of the list
is taken as the same messages, and what follows is new. If nothing of a full list is known any more, messages may have
scrolled by unseen, and the account is at fault.

A screen shows that a voice message came, not its sound; a service's sessions it does not show at all. Voice is spoken
into the phone's microphone over a line that the rig must have.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from harness.foundation.clock import Clock, Handle
from harness.foundation.errors import HarnessError, NotOffered, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import MS, Ns, S
from harness.phone.dialog import ActionModel, Dialog
from harness.phone.hierarchy import Node, all_of, find
from harness.phone.port import Delivered, SessionEvent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from harness.phone.android import Handset, Mouth

DELIVER_EVERY: Ns = 20 * MS
JOIN_S = 60.0


class Row(NamedTuple):
    """A message as the list shows it."""

    sender: str
    kind: str
    text: str


class _Look(NamedTuple):
    began: Ns
    ended: Ns
    rows: tuple[Row, ...]


class AndroidAccount:
    """An ``AccountPort``. ``fault`` says why the inbox cannot be seen, or is None."""

    def __init__(
        self,
        clock: Clock,
        name: str,
        handset: Handset,
        dialog: Dialog,
        shown: Callable[[str], str],
        meant: Callable[[str], str],
        *,
        mouth: Mouth | None,
        look_every: Ns,
        stall: Ns,
    ) -> None:
        self.name = name
        self.stall = stall
        self.fault: RigFault | None = None
        self._clock = clock
        self._handset = handset
        self._dialog = dialog
        self._shown = shown
        self._meant = meant
        self._mouth = mouth
        self._look_every = look_every
        self._looks: deque[_Look] = deque()
        self._known: list[Row] = []
        self._messages: list[Delivered] = []
        self._closed = threading.Event()
        self._blind = False
        self._thread: threading.Thread | None = None
        self._handle: Handle | None = None
        self._seen: Ns = clock.now()
        if "inbox" in dialog.actions:
            first = handset.device.meanwhile(self._look)
            self._known = list(first.rows)
            self._seen = first.began
            self._thread = threading.Thread(target=self._watch, name=f"inbox on {handset.device.serial}", daemon=True)
            self._thread.start()
            self._deliver()

    def send_text(self, to: str, text: str, kind: str = "text") -> Stamp:
        """As ``AccountPort.send_text``, by the dialog's action send_KIND. NotOffered when it has none, or this phone's
        eyes cannot type the text; RigFault when the app does not say that it was sent."""
        return self._send(f"send_{kind}", to, text, None)

    def send_voice(self, to: str, samples: NDArray[np.int16], rate: int) -> Stamp:
        """As ``AccountPort.send_voice``: the phone's key to speak is held while the sound is played into its
        microphone. NotOffered without a line there, or without the action send_voice."""
        mouth = self._mouth
        if mouth is None:
            raise NotOffered(
                "no line leads into the phone's microphone. Wire an output of the bench to it (headset adapter with "
                "microphone contact, about 10 mV) and name it under 'mouth' in the rig file, phone."
            )
        length = len(samples) * S // rate
        return self._send("send_voice", to, "", (length, lambda: mouth.play(samples, rate)))

    def inbox(self) -> Sequence[Delivered]:
        """As ``AccountPort.inbox``, since this account was first asked for: sender, kind, text, when it was seen.
        Voice has no samples. NotOffered when the dialog has no action inbox."""
        if self._thread is None:
            raise NotOffered("the dialog file does not say how to read this app's inbox. Write the action 'inbox'.")
        return tuple(self._messages)

    def sessions(self) -> Sequence[SessionEvent]:
        """NotOffered: a phone does not show what the service knows."""
        raise NotOffered(
            "a phone does not show the service's sessions. What the unit shows and what arrives judges instead, or a "
            "rig with access to the service ('phone: http')."
        )

    def seen_to(self) -> Ns:
        return self._clock.settled() if self._thread is None else self._seen

    def close(self) -> None:
        """No more sending and looking; what was seen stays readable."""
        if self._closed.is_set():
            return
        self._closed.set()
        if self._handle is not None:
            self._handle.cancel()
        if self._thread is not None:
            self._thread.join(JOIN_S)

    def _send(self, action: str, to: str, text: str, during: tuple[Ns, Callable[[], None]] | None) -> Stamp:
        if self._closed.is_set():
            raise HarnessError(f"send: the account {self.name} is closed")
        if action not in self._dialog.actions:
            raise NotOffered(f"the dialog file does not say how to do {action!r} in this app. Write that action.")
        values = {"to": self._shown(to), "text": text}
        handset = self._handset

        def work() -> tuple[str, Stamp]:
            with handset.lock:
                done = handset.hand.run(action, self._dialog.actions[action], values, during)
                return done.outcome, done.stamp

        outcome, stamp = handset.device.meanwhile(work)
        if outcome != "sent":
            raise RigFault(f"Android {handset.device.serial}: the app says {outcome!r} to {action!r}")
        return stamp

    def _watch(self) -> None:
        while not self._closed.wait(self._look_every / S):
            try:
                with self._handset.lock:
                    if self._handset.undecided:
                        continue
                    self._looks.append(self._look())
                self.fault = self.fault if self._blind else None
            except Exception as why:  # noqa: BLE001 - whatever hides the inbox must be known, never silent
                self.fault = why if isinstance(why, RigFault) else RigFault(f"the inbox cannot be read: {why!r}")

    def _look(self) -> _Look:
        action = self._dialog.actions["inbox"]
        with self._handset.lock:
            began = self._clock.now()
            done = self._handset.hand.run("inbox", action, {})
            return _Look(began, self._clock.now(), rows_of(done.nodes, action))

    def _deliver(self) -> None:
        while self._looks:
            look = self._looks.popleft()
            fresh = new_rows(self._known, look.rows)
            if fresh is None:
                self.fault = RigFault(
                    f"Android {self._handset.device.serial}: nothing of the inbox that was known is on the screen; "
                    f"messages may have come unseen. Clear the chat, or look more often ('look_every')."
                )
                self._blind = True
                return
            for row in fresh:
                stamp = Stamp((self._seen + look.ended) // 2, self._seen, look.ended)
                number = f"seen-{self._handset.device.serial}-{len(self._messages) + 1}"
                self._messages.append(Delivered(number, self._meant(row.sender), row.kind, stamp, text=row.text))
            self._known = [*self._known, *fresh] if look.rows else []
            self._seen = look.began
        if not self._closed.is_set():
            name = f"inbox {self._handset.device.serial} delivery"
            self._handle = self._clock.at(self._clock.now() + DELIVER_EVERY, self._deliver, name=name)


def rows_of(nodes: Sequence[Node], action: ActionModel) -> tuple[Row, ...]:
    """The messages on the screen, as the dialog's ``rows``, ``sender``, ``text``, ``kinds`` and ``own`` say, top to
    bottom; rows without a sender, and one's own, are none."""
    assert action.rows is not None
    assert action.sender is not None
    rows = []
    for row in all_of(nodes, action.rows.target({})):
        if action.own is not None and find(nodes, action.own.target({}), row) is not None:
            continue
        sender = find(nodes, action.sender.target({}), row)
        if sender is None:
            continue
        kind = next((k for k, t in action.kinds.items() if find(nodes, t.target({}), row) is not None), "text")
        words = find(nodes, action.text.target({}), row) if action.text is not None else None
        rows.append(Row(nodes[sender].text, kind, "" if words is None or kind == "voice" else nodes[words].text))
    return tuple(rows)


def new_rows(known: Sequence[Row], seen: Sequence[Row]) -> tuple[Row, ...] | None:
    """What of ``seen`` comes after the known; None when they have nothing in common although both hold something."""
    for overlap in range(min(len(known), len(seen)), 0, -1):
        if tuple(known[-overlap:]) == tuple(seen[:overlap]):
            return tuple(seen[overlap:])
    return None if known and seen else tuple(seen)
