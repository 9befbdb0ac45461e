"""Who is there in every case. Names and contents double as canaries: they must not be found where they do not
belong."""

from __future__ import annotations

from typing import NamedTuple


class Person(NamedTuple):
    account: str
    name: str
    contacts: tuple[str, ...] = ()


DRIVER = Person("acct-7Q4K2", "林悦 Lin Yue", ("acct-M81ZD", "acct-P55XA"))
CONTACT = Person("acct-M81ZD", "王芳 Wang Fang", ("acct-7Q4K2",))
OTHER = Person("acct-P55XA", "赵磊 Zhao Lei", ("acct-7Q4K2",))
PEOPLE = (DRIVER, CONTACT, OTHER)


def canaries() -> tuple[str, ...]:
    """Texts of the user that may be found nowhere once he has left: his account and name, his contacts' names."""
    own = [DRIVER.account, DRIVER.name.split(" ")[0]]
    return (*own, *(part for p in PEOPLE if p.account in DRIVER.contacts for part in (p.account, p.name.split(" ")[0])))
