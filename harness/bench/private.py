"""What a case tells the journal's door to keep out: whose accounts these are, which codes were seen, what was issued.

Account data (accounts, names of their owners, telephone numbers), login codes and tokens are secrets. What a scenario
itself writes is none: it stands in a published file, as the sentences people say and the texts they send; nor are the
roles "driver", "contact" and "other", by which reports call people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from harness.bench.people import PEOPLE
from harness.bench.ports import Ports
from harness.foundation.pseudonyms import Pseudonyms, Secret

ROLES = frozenset(person.role for person in PEOPLE)
SHORTEST_SECRET = 8
"""Characters from which a part of a code's text is taken for its secret."""


def people() -> Iterator[Secret]:
    """Of everybody in harness/bench/people.py: account, name as a whole, name in either script."""
    for person in PEOPLE:
        chinese, _, latin = person.name.partition(" ")
        yield Secret("account", person.account)
        yield from (Secret("name", name) for name in (person.name, chinese, latin) if name)


def code(text: str) -> Secret:
    """The part of a login code's text that is the secret: the longest behind the service's address, or all of it."""
    address, found, rest = text.partition("://")
    rest = rest.partition("/")[2] if found else address
    parts = [part for part in re.split(r"[/?&=#]", rest) if len(part) >= SHORTEST_SECRET]
    return Secret("code", max(parts, key=len, default=text))


def follow(pseudonyms: Pseudonyms, ports: Ports) -> None:
    """Learn who is there, and what the messaging service of this rig issues as it does so, where it tells."""
    pseudonyms.learn(people())
    service = ports.service
    owners = getattr(service, "owners", None)
    if owners is not None:
        pseudonyms.learn(secret for secret in owners() if secret.value not in ROLES)
    behind = getattr(service, "stage", None)
    if behind is not None:
        pseudonyms.follow(behind.issued)


def settle(pseudonyms: Pseudonyms, ports: Ports) -> None:
    """At the end of a case, before its recordings are looked through: learn what a service in another process issued,
    which would take too long to ask for each record."""
    issued = getattr(ports.service, "issued", None)
    if issued is not None:
        pseudonyms.learn(issued())
