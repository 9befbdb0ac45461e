"""What the unit remembers: ram is gone with KL30, flash is not.

Everything of the user lives in ``User`` (ram), ``Session`` and ``Outgoing`` (flash), so that there is one list of
what a logout has to erase.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.foundation.units import Ns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from harness.phone.messages import Voice


@dataclass(frozen=True)
class Session:
    """Who is logged in, as the service has told. The token is what the service knows the unit by."""

    token: str
    account: str
    name: str
    contacts: tuple[str, ...]
    """Accounts, the one to write to by default first."""
    names: tuple[str, ...]
    """Their names, in the same order."""


@dataclass(frozen=True)
class Outgoing:
    """A message on its way, encoded. ``id`` makes sending it twice the same as sending it once."""

    id: str
    to: str
    voice: Voice


@dataclass
class Received:
    """A message for the driver, as fetched."""

    id: str
    sender: str
    kind: str
    text: str
    voice: Voice | None
    sender_name: str
    played: bool = False
    muted: bool = False
    prompted: bool = False


@dataclass
class User:
    """Everything in ram that belongs to the person who is logged in."""

    contacts: list[str] = field(default_factory=list)
    """Names, as the contacts view shows them."""
    messages: list[Received] = field(default_factory=list)
    reply_to: str = ""
    recording: NDArray[np.int16] | None = None
    showing: Received | None = None
    destination: str = ""
    """The name of the place that navigation leads to; "" for none."""


@dataclass
class Button:
    """The wheel button as the gesture machine remembers it. Times are first frames, ns."""

    pressed_at: Ns = 0
    released_at: Ns = 0
    context: str = ""
    """Where the press began; empty when it means nothing any more."""


@dataclass
class Ram:
    """Everything that losing KL30 erases."""

    user: User = field(default_factory=User)
    button: Button = field(default_factory=Button)
    roles: dict[str, str | float | None] = field(default_factory=dict)
    code: str = ""
    notice: str = ""
    page: str = "home"
    ignition: bool = False
    link_up: bool = False
    login_possible: bool | None = None
    stood_since: Ns | None = None
    left: bool | None = None
    locked: bool = False
    chime_at: Ns = 0
    quick_boot: bool = False
    band: str = "normal"
    media: bool = False
    call: tuple[str, str] = ("", "")
    """The call that rings or is talked through, and the token of the session in which it rang."""
    caller: str = ""
    lit_from: Ns = 0
    """The screen stays dark until then."""
    more: dict[str, Any] = field(default_factory=dict)
    conditions: dict[int, int] = field(default_factory=dict)


@dataclass
class Flash:
    """Everything that survives. ``leaving`` is set before anything is erased: a start that finds it erases first."""

    session: Session | None = None
    leaving: bool = False
    outbox: list[Outgoing] = field(default_factory=list)
    revocations: list[str] = field(default_factory=list)
    unsent: int = 0
    composing: bool = False
    """A recording has ended and is not in the outbox yet: losing it now is reported as unsent."""
    sent: int = 0
    dtcs: dict[str, int] = field(default_factory=dict)
    message_number: int = 0
    starts: int = 0
    more: dict[str, Any] = field(default_factory=dict)
    conditions: dict[int, int] = field(default_factory=dict)
