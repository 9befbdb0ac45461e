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
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from harness.foundation.clock import Clock
from harness.foundation.errors import HarnessError, RigFault
from harness.foundation.pseudonyms import Secret
from harness.foundation.units import Ns, S
from harness.phone.absent import Absent
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
        self._phones: dict[str, AndroidPhone | Absent] = {}
        self._accounts: dict[str, AndroidAccount | Absent] = {}

    def phone(self, account: str) -> AndroidPhone | Absent:
        """The phone of an account's owner, one object each; taken from the pool when it is first used, so that a phone
        which a scenario never uses costs nothing."""
        if account not in self._phones:
            role = self._roles.get(account, account)
            here = self.pool.has(role)
            self._phones[account] = AndroidPhone(self, account) if here else Absent(self.clock, account, role)
        return self._phones[account]

    def account(self, name: str) -> AndroidAccount | Absent:
        """An account, one object each. It is taken and its inbox looked at from now on: RigFault when its budget is
        used up, or its phone does not answer."""
        if name not in self._accounts:
            role = self._roles.get(name, name)
            self._accounts[name] = self._watched(name) if self.pool.has(role) else Absent(self.clock, name, role)
        return self._accounts[name]

    def _watched(self, name: str) -> AndroidAccount:
        return AndroidAccount(
            self.clock,
            name,
            self.handset(name),
            self.dialog,
            self.shown,
            self.meant,
            mouth=self._mouth,
            look_every=self._look_every,
            stall=self.stall,
        )

    def owners(self) -> Sequence[Secret]:
        """The names of the accounts, which other people's phones show."""
        return [Secret("account", account.name) for account in self.pool.accounts]

    def shown(self, account: str) -> str:
        """How phones show the owner of ``account``."""
        role = self._roles.get(account)
        return self.pool.of(role).name if role is not None and self.pool.has(role) else account

    def meant(self, shown: str) -> str:
        """The account that scenarios mean by the name that phones show; the name itself for strangers."""
        return next((account for account in self._roles if self.shown(account) == shown), shown)

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

    def handset(self, account: str) -> Handset:
        """The phone behind an account, taken when it is first asked for. RigFault when none is left, or it does not
        answer."""
        if account not in self._handsets:
            taken = self.pool.take(self._roles.get(account, account))
            device = self._device(taken.serial)
            eyes: Eyes = device.meanwhile(lambda: DumpEyes(device) if self._dump else ServerEyes(device))
            self._handsets[account] = Handset(self.clock, device, eyes, taken)
        return self._handsets[account]


class AndroidPhone:
    """A person's phone (a ``PhonePort``). Outcomes are what its app showed; stamps run from before the step that acts
    to after that was seen."""

    def __init__(self, service: AndroidService, account: str) -> None:
        self.stall = service.stall
        self._service = service
        self._account = account
        self._scanned = False
        self._codes = 0
        self._closed = False

    def scan(self, code: str) -> Scan:
        """As ``PhonePort.scan``. RigFault when the app does not do as its dialog file says, or the phone is gone."""
        handset = self._usable("scan")
        self._scanned = True
        picture = self._service.dialog.picture
        self._codes += 1
        path = f"{picture.folder}/hil-{self._service.clock.now()}-{self._codes}.png"
        device = handset.device

        def work() -> Scan:
            with handset.lock:
                handset.undecided = False
                device.push(picture_of(code), path)
                try:
                    for command in picture.announce:
                        device.shell(str(filled(command, {"path": path})))
                    answer = self._run(handset, "scan")
                    handset.undecided = answer.outcome == "accepted"
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

    def _decide(self, what: str) -> Scan:
        if not self._scanned:
            raise HarnessError(f"{what}: nothing was scanned")
        handset = self._usable(what)
        if what == "confirm":
            self._service.pool.spend(handset.account)

        def work() -> Scan:
            with handset.lock:
                try:
                    return self._run(handset, what)
                finally:
                    handset.undecided = False

        return handset.device.meanwhile(work)

    def _run(self, handset: Handset, what: str) -> Scan:
        done = handset.hand.run(what, self._service.dialog.actions[what], {})
        return Scan(done.outcome, done.stamp)

    def _usable(self, what: str) -> Handset:
        if self._closed:
            raise HarnessError(f"{what}: the phone is closed")
        return self._service.handset(self._account)


def picture_of(code: str) -> bytes:
    """A PNG of the code, with the quiet zone that ISO/IEC 18004 wants (4 modules)."""
    import segno

    out = io.BytesIO()
    segno.make(code, error="m", micro=False).save(out, kind="png", scale=MODULES, border=4)
    return out.getvalue()
