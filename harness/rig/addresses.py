"""The words of a rig file that stand for an address nobody knows before the plant's processes are up."""

from __future__ import annotations

from collections.abc import Mapping

from harness.foundation.errors import RigFault

STANDS_FOR = "plant:"


def fill(settings: Mapping[str, object], addresses: Mapping[str, str]) -> dict[str, object]:
    """``settings`` with each "plant:NAME" replaced by that address. RigFault for a name the plant does not have."""
    return {key: _filled(value, addresses) for key, value in settings.items()}


def _filled(value: object, addresses: Mapping[str, str]) -> object:
    if not (isinstance(value, str) and value.startswith(STANDS_FOR)):
        return value
    name = value.removeprefix(STANDS_FOR)
    if name not in addresses:
        raise RigFault(f"{value}: the plant has {', '.join(addresses) or 'no address: it is no process of this rig'}")
    return addresses[name]
