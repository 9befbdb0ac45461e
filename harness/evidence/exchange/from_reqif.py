"""Requirements out of a ReqIF file: ours, or another tool's.

Taken are spec objects with a ``ReqIF.ForeignID``: as limits those whose type is called Limit, as requirements all
others but our scenarios, defects, results and measurements. Of other tools' files ``ReqIF.Name`` or
``ReqIF.ChapterName`` is the title and ``ReqIF.Text`` or ``ReqIF.Description`` the text. A document type in the file is
refused: nobody needs one, and entities can blow up.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from harness.evidence.exchange.as_reqif import FOLLOWING, FOREIGN_ID, NAMES, RELATIONS, TYPES
from harness.evidence.exchange.entries import FIELDS, LIMIT_FIELDS, Entries, accept, entry_of
from harness.foundation.errors import BadInput

_ALSO = {"title": ("ReqIF.ChapterName", "Title"), "text": ("ReqIF.Description", "Description")}
_BLOCKS = {"p", "div", "li", "br", "tr", "h1", "h2", "h3", "h4", "h5", "h6"}
_LONGEST_TITLE = 80


def read_reqif(path: Path) -> tuple[Entries, list[str]]:
    """The requirements, and what was left out or filled in. BadInput or SeveralBadInputs with file, line, value and
    remedy."""
    content, lines = _content(path)
    types = {t.identifier: t for t in content.spec_types or () if hasattr(t, "attribute_map")}
    objects = [_Object(path, o, types, lines) for o in content.spec_objects or ()]
    skipped = tuple(TYPES[kind] for kind in FOLLOWING)
    taken = [o for o in objects if o.kind not in skipped]
    keyless = [o for o in taken if not o.key]
    for one in keyless:
        if one.text("text"):
            raise BadInput(path, one.line, one.text("text")[:60], f"no {FOREIGN_ID}", "Give the object its id.")
    requirements = {o.key: o for o in taken if o.key and o.kind != TYPES["limit"]}
    places: dict[tuple[str | int, ...], int] = {}
    limits: dict[str, list[dict[str, str]]] = {name: [] for name in requirements}
    for one in taken:
        if one.key and one.kind != TYPES["limit"] and requirements[one.key] is not one:
            problem = f"the id stands in line {one.line} too"
            raise BadInput(path, requirements[one.key].line, one.key, problem, "Give one of them another id.")
    owners = _owners(content, objects)
    for limit in (o for o in taken if o.key and o.kind == TYPES["limit"]):
        name, quantity = owners.get(limit.identifier) or limit.key.partition(".")[0], limit.text("quantity").strip()
        if name not in limits:
            raise BadInput(path, limit.line, limit.key, "the limit belongs to no requirement", "Relate it to one.")
        if not quantity:
            raise BadInput(path, limit.line, limit.key, "a limit without its quantity", "Name it, such as latency.")
        if any(quantity == other["quantity"] for other in limits[name]):
            raise BadInput(path, limit.line, limit.key, "the limit stands twice", "Keep one of them.")
        limits[name].append({"quantity": quantity, **{f: limit.text(f) for f in LIMIT_FIELDS}})
        places[name, "limits", quantity] = limit.line
    entries: Entries = {}
    for name, one in requirements.items():
        record = {field: one.text(field) for field in FIELDS}
        record["title"] = record["title"] or _title(record["text"])
        entries[name] = entry_of(record, limits[name])
        places[name,] = one.line
    notes = [f"{len(keyless)} headings without an id left out"] if keyless else []
    return entries, [*notes, *accept(path, entries, places)]


def _content(path: Path) -> tuple[Any, dict[str, int]]:
    """What the package read, and the line of each spec object."""
    from lxml import etree

    try:
        raw = path.read_bytes()
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(raw, parser)
    except OSError as why:
        raise BadInput(path, None, "", f"cannot be read: {why.strerror}", "Check the path.") from why
    except etree.XMLSyntaxError as why:
        raise BadInput(path, why.lineno or None, "", f"not XML: {why.msg}", "Export it again.") from why
    if root.getroottree().docinfo.doctype:
        raise BadInput(path, 1, "DOCTYPE", "has a document type", "Take it out; ReqIF needs none.")
    if etree.QName(root).localname != "REQ-IF":
        remedy = "Export it as ReqIF; unpack a .reqifz first."
        raise BadInput(path, root.sourceline, etree.QName(root).localname, "no ReqIF", remedy)
    found = {str(e.get("IDENTIFIER")): int(e.sourceline or 0) for e in root.iter("{*}SPEC-OBJECT")}

    from reqif.parser import ReqIFParser

    try:
        bundle = ReqIFParser.parse_from_string(raw.decode("utf-8-sig"))
        content = bundle.core_content.req_if_content if bundle.core_content else None
    except Exception as why:
        said = re.sub(r"<Element (\S+) at 0x\w+>", r"cannot read \1", str(why).partition("\n")[0]) or type(why).__name__
        raise BadInput(
            path, None, "", f"not the ReqIF we know: {said[:200]}", "Check it with 'reqif validate'."
        ) from why
    if content is None:
        raise BadInput(path, None, "", "no content in it", "Export it again with its objects.")
    return content, found


class _Object:
    """A spec object with its attributes by our fields."""

    def __init__(self, path: Path, given: Any, types: dict[str, Any], lines: dict[str, int]) -> None:
        self.identifier = str(given.identifier)
        self.line = lines.get(self.identifier, 0)
        kind = types.get(given.spec_object_type)
        if kind is None:
            problem = "the type of the object is not in the file"
            raise BadInput(path, self.line or None, str(given.spec_object_type), problem, "Export it again.")
        self.kind = str(kind.long_name or "")
        names = {a.identifier: str(a.long_name or "") for a in kind.attribute_definitions or ()}
        self._texts = {names.get(a.definition_ref, ""): _text(a) for a in given.attributes}
        self.key = self._texts.get(FOREIGN_ID, "").strip()

    def text(self, field: str) -> str:
        """By its name here or by the names other tools use; "" when there is none."""
        for name in (NAMES.get(field, field), *_ALSO.get(field, ())):
            if self._texts.get(name):
                return self._texts[name]
        return ""


def _owners(content: Any, objects: list[_Object]) -> dict[str, str]:
    """The requirement's id of each limit, by the relations between them."""
    keys = {o.identifier: o.key for o in objects}
    kinds = {t.identifier: t.long_name for t in content.spec_types or () if not hasattr(t, "attribute_map")}
    return {
        r.source: keys.get(r.target, "")
        for r in content.spec_relations or ()
        if kinds.get(r.relation_type_ref) == RELATIONS["limit"]
    }


def _text(attribute: Any) -> str:
    """An attribute's value as text; of XHTML the words, a line for each block."""
    if attribute.value_stripped_xhtml is None:
        value = attribute.value
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    the_value = attribute.xml_node.find("THE-VALUE")
    blocks = [e for e in the_value.iter() if isinstance(e.tag, str)][1:]
    if len(blocks) <= 1:
        return "".join(the_value.itertext()) if blocks else str(the_value.text or "")
    parts: list[str] = []
    _walk(the_value, parts)
    return "\n".join(line for raw in "".join(parts).split("\n") if (line := re.sub(r"\s+", " ", raw).strip()))


def _walk(element: Any, parts: list[str]) -> None:
    """Words in the order of the page; white space of the source is none, a block is a line."""
    parts.append(re.sub(r"\s+", " ", element.text or ""))
    for child in element:
        if isinstance(child.tag, str):
            block = child.tag.rpartition("}")[2].rpartition(":")[2].lower() in _BLOCKS
            parts.append("\n" if block else "")
            _walk(child, parts)
            parts.append("\n" if block else "")
        parts.append(re.sub(r"\s+", " ", child.tail or ""))


def _title(text: str) -> str:
    """Of an object without one: its first line, shortened at a word."""
    first = text.strip().partition("\n")[0]
    return first if len(first) <= _LONGEST_TITLE else first[:_LONGEST_TITLE].rpartition(" ")[0] + " ..."
