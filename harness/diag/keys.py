"""Keys for security access: a car's data name the function that knows its maker's algorithm.

``package.module:function`` under ``diagnostics.security.key`` of vehicle.yaml is called as
``function(level, seed, parameters)`` and returns the key; ``parameters`` is what stands beside it. Makers' algorithms
are secret: they live in a package of the user, never here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

KeyFunction = Callable[[int, bytes, Mapping[str, Any]], bytes]


def masked(level: int, seed: bytes, parameters: Mapping[str, Any]) -> bytes:
    """The algorithm of the units this project models: seed exclusive-or mask, rotated left by the level's number of
    bits. No protection: it only has to be different for each level."""
    bits = 8 * len(seed)
    value = int.from_bytes(seed, "big") ^ int(parameters["mask"]) & ((1 << bits) - 1)
    turn = level % bits
    return ((value << turn | value >> bits - turn) & ((1 << bits) - 1)).to_bytes(len(seed), "big")


def load_key_function(name: str) -> KeyFunction:
    """ "package.module:function". ValueError, "problem. Remedy", when there is none."""
    from importlib import import_module

    module, colon, function = name.partition(":")
    if not colon or not module or not function:
        raise ValueError("names no function. Write package.module:function")
    try:
        found = getattr(import_module(module), function)
    except ImportError as why:
        raise ValueError(f"cannot be imported: {why}. Install the package beside the harness") from None
    except AttributeError:
        raise ValueError(f"{module} has no {function!r}. Correct the name") from None
    if not callable(found):
        raise ValueError(f"{function} is no function. Name a function")
    return found  # type: ignore[no-any-return]
