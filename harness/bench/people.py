"""Who is there in every case. Names and contents double as canaries: they must not be found where they do not
belong."""

from __future__ import annotations

from typing import NamedTuple


class Person(NamedTuple):
    """``role`` is what reports call a person: his account and name are canaries and stay out of them."""

    role: str
    account: str
    name: str
    contacts: tuple[str, ...] = ()


DRIVER = Person("driver", "acct-7Q4K2", "林悦 Lin Yue", ("acct-M81ZD", "acct-P55XA"))
CONTACT = Person("contact", "acct-M81ZD", "王芳 Wang Fang", ("acct-7Q4K2",))
OTHER = Person("other", "acct-P55XA", "赵磊 Zhao Lei", ("acct-7Q4K2",))
PEOPLE = (DRIVER, CONTACT, OTHER)


def canaries() -> tuple[str, ...]:
    """Texts of the user that may be found nowhere once he has left: his account and name, his contacts' names."""
    own = [DRIVER.account, DRIVER.name.split(" ")[0]]
    return (*own, *(part for p in PEOPLE if p.account in DRIVER.contacts for part in (p.account, p.name.split(" ")[0])))


def role_of(account: str) -> str:
    """What reports call the owner of ``account``; the account itself when nobody here owns it."""
    return next((person.role for person in PEOPLE if person.account == account), account)


def account_of(who: str) -> str:
    """The account of a role ("driver"); anything else is taken as an account."""
    return next((person.account for person in PEOPLE if person.role == who), who)
