"""What the head unit asks the cluster to show: that something is there, never from whom or what it says.

The cluster is another unit with a display of its own, in the driver's view while he drives. It is asked by a message
and draws by itself; names and text stay where the account is. Derived from the states, like all that the unit says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.headunit.unit import HeadUnit

NOTHING = "none"
VOICE = {"prompt": "new_message", "ringing": "incoming_call"}
SESSION = {"opening": "logged_in", "goodbye": "logged_out"}


def asked(unit: HeadUnit) -> str:
    """A state of the role ``head_unit.cluster``; a call or message comes before the news of a login."""
    if unit.states["power"] not in ("run", "post_run"):
        return NOTHING
    return VOICE.get(unit.states["voice"]) or SESSION.get(unit.states["session"], NOTHING)
