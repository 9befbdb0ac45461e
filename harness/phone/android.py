"""People's phones over adb: real apps on real phones, worked by dialog files.

Theory. A phone cannot look at the unit's screen by itself here: the bench has read the code from a picture, and the
phone gets a picture of that code in its album, which every messenger can scan from. What is not tried so is the
phone's camera; that the code can be read from the unit's screen, the bench's own reader shows. A confirmation is a
login at the service, so the pool counts it before it is done.

Names: scenarios call people by the accounts of the simulated service (``bench/people.py``); on a phone they have the
names that the app shows. ``roles`` leads from one to the other, both ways.

A phone is worked by one at a time, and time passes meanwhile. What the service itself knows (sessions) no phone shows
for certain: it is not offered.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.stamps import Stamp
from harness.foundation.units import Ns, S
from harness.phone.android_account import AndroidAccount
from harness.phone.dialog import Dialog, filled
from harness.phone.eyes import Device, DumpEyes, Eyes, ServerEyes
from harness.phone.hand import Hand
from harness.phone.pool import AccountPool, PhoneAccount
from harness.phone.port import Scan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODULES = 8
"""Pixels per module of the pushed code."""


class Mouth(Protocol):
    """A line into the phones' microphone."""

    def play(self, samples: NDArray[np.int16], rate: int) -> None:
        """Play mono int16 at ``rate`` Hz; returns when it has been heard. RigFault when it cannot."""
        ...


class Handset:
    """A phone that was taken: its device, its hand, and the lock of whoever works it."""

    def __init__(self, clock: Clock, device: Device, eyes: Eyes, account: PhoneAccount) -> None:
        self.device = device
        self.eyes = eyes
        self.hand = Hand(clock, device, eyes)
        self.account = account
        self.lock = threading.RLock()
        self.undecided = False
        """A scan waits for its decision: nobody leaves that screen meanwhile."""


class AndroidService:
    """What the rig holds: phones and accounts by name, each taken from the pool when it is first asked for."""

    def __init__(
        self,
        clock: Clock,
        pool: AccountPool,
        dialog: Dialog,
        device: Callable[[str], Device],
        *,
        roles: Mapping[str, str],
        dump: bool = False,
        mouth: Mouth | None = None,
        look_every: Ns = 2 * S,
        stall: Ns = 15 * S,
    ) -> None:
        """``device(serial)`` gives the adb device; ``roles`` leads from an account as scenarios name it to its role;
        ``dump`` takes the phone's own screen reader; ``look_every``: so often an inbox is looked at."""
        if clock.kind != "wall":
            raise HarnessError(f"phones need a wall clock, this one is {clock.kind}")
        self.clock = clock
        self.dialog = dialog
        self.pool = pool
        self.stall = stall
        self._device = device
        self._roles = dict(roles)
        self._dump = dump
        self._mouth = mouth
        self._look_every = look_every
        self._handsets: dict[str, Handset] = {}
        self._phones: dict[str, AndroidPhone] = {}
        self._accounts: dict[str, AndroidAccount] = {}

    def phone(self, account: str) -> AndroidPhone:
        """The phone of an account's owner. RigFault when there is none, its budget is used up, or it does not
        answer."""
        if account not in self._phones:
            self._phones[account] = AndroidPhone(self, self._handset(account))
        return self._phones[account]

    def account(self, name: str) -> AndroidAccount:
        """An account, one object each. RigFault as ``phone``."""
        if name not in self._accounts:
            self._accounts[name] = AndroidAccount(
                self.clock, name, self._handset(name), self.dialog, self.shown, self.meant,
                mouth=self._mouth, look_every=self._look_every, stall=self.stall,
            )  # fmt: skip
        return self._accounts[name]

    def shown(self, account: str) -> str:
        """How phones show the owner of ``account``."""
        role = self._roles.get(account)
        return account if role is None else self.pool.of(role).name

    def meant(self, shown: str) -> str:
        """The account that scenarios mean by the name that phones show; the name itself for strangers."""
        return next((a for a, role in self._roles.items() if self.pool.has(role) and self.shown(a) == shown), shown)

    def seen_to(self) -> Ns:
        return self.clock.settled()

    def close(self) -> None:
        """Close every phone and account, give them back. RigFault of the first that does not close, after all were
        tried."""
        faults: list[RigFault] = []
        ends = [account.close for account in self._accounts.values()]
        ends += [phone.close for phone in self._phones.values()]
        ends += [handset.eyes.close for handset in self._handsets.values()]
        for close in ends:
            try:
                close()
            except RigFault as why:
                faults.append(why)
        self._handsets.clear()
        self.pool.close()
        if faults:
            raise faults[0]

    def _handset(self, account: str) -> Handset:
        if account not in self._handsets:
            taken = self.pool.take(self._roles.get(account, account))
            device = self._device(taken.serial)
            eyes: Eyes = device.meanwhile(lambda: DumpEyes(device) if self._dump else ServerEyes(device))
            self._handsets[account] = Handset(self.clock, device, eyes, taken)
        return self._handsets[account]


class AndroidPhone:
    """A person's phone (a ``PhonePort``). Outcomes are what its app showed; stamps run from before the step that acts
    to after that was seen."""

    def __init__(self, service: AndroidService, handset: Handset) -> None:
        self.stall = service.stall
        self._service = service
        self._handset = handset
        self._scanned = False
        self._codes = 0
        self._closed = False

    def scan(self, code: str) -> Scan:
        """As ``PhonePort.scan``. RigFault when the app does not do as its dialog file says, or the phone is gone."""
        self._usable("scan")
        self._scanned = True
        picture = self._service.dialog.picture
        self._codes += 1
        path = f"{picture.folder}/hil-{self._service.clock.now()}-{self._codes}.png"
        device = self._handset.device

        def work() -> Scan:
            with self._handset.lock:
                self._handset.undecided = False
                device.push(picture_of(code), path)
                try:
                    for command in picture.announce:
                        device.shell(str(filled(command, {"path": path})))
                    answer = self._run("scan")
                    self._handset.undecided = answer.outcome == "accepted"
                    return answer
                finally:
                    device.shell(f"rm -f {path}")

        return device.meanwhile(work)

    def confirm(self) -> Scan:
        """As ``PhonePort.confirm``. A login of the account's budget is spent, before. RigFault when there is none."""
        return self._decide("confirm")

    def refuse(self) -> Scan:
        return self._decide("refuse")

    def seen_to(self) -> Ns:
        return self._service.clock.settled()

    def close(self) -> None:
        self._closed = True
        self._handset.undecided = False

    def _decide(self, what: str) -> Scan:
        self._usable(what)
        if not self._scanned:
            raise HarnessError(f"{what}: nothing was scanned")
        if what == "confirm":
            self._service.pool.spend(self._handset.account)

        def work() -> Scan:
            with self._handset.lock:
                try:
                    return self._run(what)
                finally:
                    self._handset.undecided = False

        return self._handset.device.meanwhile(work)

    def _run(self, what: str) -> Scan:
        done = self._handset.hand.run(what, self._service.dialog.actions[what], {})
        return Scan(done.outcome, Stamp(*done.stamp))

    def _usable(self, what: str) -> None:
        if self._closed:
            raise HarnessError(f"{what}: the phone is closed")


def picture_of(code: str) -> bytes:
    """A PNG of the code, with the quiet zone that ISO/IEC 18004 wants (4 modules)."""
    import segno

    out = io.BytesIO()
    segno.make(code, error="m", micro=False).save(out, kind="png", scale=MODULES, border=4)
    return out.getvalue()
