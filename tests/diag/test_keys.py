"""Key functions by name."""

from __future__ import annotations

import pytest

from harness.diag.keys import load_key_function, masked


def test_a_function_is_found_by_its_name() -> None:
    assert load_key_function("harness.diag.keys:masked") is masked


def test_each_level_has_its_own_key() -> None:
    seed = bytes.fromhex("00000001")
    assert [masked(level, seed, {"mask": 0}).hex() for level in (1, 3, 31)] == ["00000002", "00000008", "80000000"]


@pytest.mark.parametrize(
    ("name", "says"),
    [("masked", "names no function"), ("no.such.module:f", "cannot be imported"),
     ("harness.diag.keys:nix", "has no 'nix'"),
     ("harness.diag.keys:__doc__", "is no function")],
)  # fmt: skip
def test_a_wrong_name_says_what_is_wrong(name: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        load_key_function(name)
