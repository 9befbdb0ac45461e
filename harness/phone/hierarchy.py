"""What an Android screen holds, as ``uiautomator`` tells it: nodes with texts, ids and places.

Pure. The format is that of ``uiautomator dump`` and of uiautomator2's ``dump_hierarchy`` alike (AOSP,
AccessibilityNodeInfoDumper): nested ``node`` elements with ``text``, ``resource-id``, ``class``, ``content-desc`` and
``bounds="[left,top][right,bottom]"``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from xml.parsers import expat

from harness.foundation.errors import RigFault

BOUNDS = re.compile(r"\[(-?\d+),(-?\d+)\]\[(-?\d+),(-?\d+)\]")


class Node(NamedTuple):
    """``bounds`` is (left, top, right, bottom) in pixels; ``parent`` the index of the node around this one, -1 for
    none."""

    text: str
    id: str
    description: str
    kind: str
    bounds: tuple[int, int, int, int]
    parent: int

    @property
    def middle(self) -> tuple[int, int]:
        left, top, right, bottom = self.bounds
        return (left + right) // 2, (top + bottom) // 2


@dataclass(frozen=True)
class Target:
    """What to look for; all that is given must hold. ``id`` may leave out "package:id/", ``kind`` the package of the
    class; ``matches`` is a regular expression for the whole text. ``index`` counts from 0, from the end if negative."""

    text: str | None = None
    contains: str | None = None
    matches: str | None = None
    id: str | None = None
    description: str | None = None
    kind: str | None = None
    index: int = 0

    def fits(self, node: Node) -> bool:
        return (
            (self.text is None or node.text == self.text)
            and (self.contains is None or self.contains in node.text)
            and (self.matches is None or re.fullmatch(self.matches, node.text) is not None)
            and (self.id is None or self.id in (node.id, node.id.rpartition(":id/")[2]))
            and (self.description is None or node.description == self.description)
            and (self.kind is None or self.kind in (node.kind, node.kind.rpartition(".")[2]))
        )


def parse(xml: str) -> tuple[Node, ...]:
    """The nodes in the order of the document. RigFault for what is no hierarchy."""
    nodes: list[Node] = []
    around: list[int] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name != "node":
            around.append(-1)
            return
        found = BOUNDS.fullmatch(attributes.get("bounds", ""))
        left, top, right, bottom = (int(n) for n in found.groups()) if found else (0, 0, 0, 0)
        nodes.append(
            Node(
                attributes.get("text", ""),
                attributes.get("resource-id", ""),
                attributes.get("content-desc", ""),
                attributes.get("class", ""),
                (left, top, right, bottom),
                around[-1] if around else -1,
            )
        )
        around.append(len(nodes) - 1)

    def refuse(*_: object) -> None:
        raise ValueError("it declares entities")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: around.pop()
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(xml.encode("utf-8", "surrogatepass"), True)
    except (expat.ExpatError, ValueError) as why:
        raise RigFault(f"the phone's screen cannot be read: {why}; it said {xml[:60]!r}") from why
    return tuple(nodes)


def find(nodes: Sequence[Node], target: Target, inside: int | None = None) -> int | None:
    """The index of the node that ``target`` means, within the node ``inside`` (itself included) if given; None."""
    found = [i for i, node in enumerate(nodes) if target.fits(node) and (inside is None or within(nodes, i, inside))]
    try:
        return found[target.index]
    except IndexError:
        return None


def all_of(nodes: Sequence[Node], target: Target) -> list[int]:
    """The indices of every node that fits, ``index`` aside."""
    return [i for i, node in enumerate(nodes) if target.fits(node)]


def within(nodes: Sequence[Node], index: int, outer: int) -> bool:
    while index not in (-1, outer):
        index = nodes[index].parent
    return index == outer
