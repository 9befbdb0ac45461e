from __future__ import annotations

import pytest

from harness.bench import private
from harness.bench.people import PEOPLE
from harness.foundation.pseudonyms import Secret


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("https://login.example.invalid/c/HVK7DIAKS3JV7XQ4FBS7SMFDWY", "HVK7DIAKS3JV7XQ4FBS7SMFDWY"),
        ("http://messenger.example/x/gZf7nB3-long_part?from=car", "gZf7nB3-long_part"),
        ("https://messenger.example/login?ticket=0123456789ab#top", "0123456789ab"),
        ("HVK7DIAKS3JV7XQ4FBS7SMFDWY", "HVK7DIAKS3JV7XQ4FBS7SMFDWY"),
        ("short/1", "short/1"),
        ("https://a.example", "https://a.example"),
    ],
)
def test_the_secret_of_a_code_is_the_longest_part_behind_the_address(text: str, secret: str) -> None:
    assert private.code(text) == Secret("code", secret)


def test_account_and_names_in_either_script_are_secrets_and_roles_are_not() -> None:
    told = list(private.people())
    for person in PEOPLE:
        assert Secret("account", person.account) in told
        assert Secret("name", person.name) in told
        assert {Secret("name", part) for part in person.name.split(" ", 1)} <= set(told)
        assert person.role not in {secret.value for secret in told}
