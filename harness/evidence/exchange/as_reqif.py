"""ReqIF (OMG formal/16-07-01), written with the package ``reqif``.

A spec object per requirement, limit, scenario and seeded defect, and of a run per result and measurement, each keyed by
the attribute ``ReqIF.ForeignID``; the objects stand in a hierarchy (requirements with their limits, results with their
measurements), and relations tie limits, scenarios, results and defects to their requirements. Texts of people are
XHTML, so that line breaks survive; a ReqIF string would lose them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from harness.evidence.exchange.entries import FIELDS, FREE, LIMIT_FIELDS, LIMIT_FREE, records_of
from harness.evidence.exchange.results import FIGURE_FIELDS, NUMBERS, RESULT_FIELDS
from harness.evidence.exchange.trace import Trace
from harness.foundation.errors import BadInput
from harness.judging.requirements import limit_text

FOREIGN_ID = "ReqIF.ForeignID"
NAMES = {"title": "ReqIF.Name", "text": "ReqIF.Text"}
"""Attributes that ReqIF's implementation guide names; the others have our field's name."""
TYPES = {
    "requirement": "Requirement",
    "limit": "Limit",
    "scenario": "Scenario",
    "defect": "Seeded defect",
    "result": "Result",
    "figure": "Measurement",
}
FOLLOWING = ("scenario", "defect", "result", "figure")
"""Kinds that follow from other files; passed over when read."""
RELATIONS = {
    "limit": "limits",
    "scenario": "verifies",
    "measures": "measures",
    "defect": "violates",
    "result": "result of",
    "shows": "shows",
    "figure": "measured in",
    "held": "held against",
}
_FIELDS: dict[str, tuple[str, ...]] = {
    "requirement": (*FIELDS, "verdicts"),
    "limit": ("title", "quantity", *LIMIT_FIELDS),
    "scenario": ("title",),
    "defect": ("text",),
    "result": RESULT_FIELDS,
    "figure": FIGURE_FIELDS,
}
_XHTML = {*FREE, *LIMIT_FREE, "verdicts", "reason"}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_reqif(trace: Trace, when: str) -> str:
    """The file's text. ``when`` is its time of creation (ISO 8601, with zone). BadInput for what XML cannot hold."""
    from reqif.models import reqif_core_content as core
    from reqif.models import reqif_namespace_info as names
    from reqif.models import reqif_req_if_content as content
    from reqif.models import reqif_reqif_header as header
    from reqif.object_lookup import ReqIFObjectLookup
    from reqif.reqif_bundle import ReqIFBundle
    from reqif.unparser import ReqIFUnparser

    build = _Build(trace, when)
    inside = content.ReqIFReqIFContent(
        data_types=build.data_types(),
        spec_types=build.spec_types(),
        spec_objects=build.objects,
        spec_relations=build.relations,
        specifications=[build.specification()],
    )
    bundle = ReqIFBundle(
        namespace_info=names.ReqIFNamespaceInfo(
            original_reqif_tag_dump=None,
            doctype_is_present=True,
            encoding="UTF-8",
            namespace="http://www.omg.org/spec/ReqIF/20110401/reqif.xsd",
            configuration=None,
            namespace_id=None,
            namespace_xhtml="http://www.w3.org/1999/xhtml",
            schema_namespace=None,
            schema_location=None,
            language=None,
        ),
        req_if_header=header.ReqIFReqIFHeader(
            identifier=identifier("header", "headunit-hil"),
            creation_time=when,
            req_if_tool_id="headunit-hil",
            req_if_version="1.0",
            source_tool_id="headunit-hil",
            title="Head unit requirements and what verifies them",
        ),
        core_content=core.ReqIFCoreContent(inside),
        tool_extensions_tag_exists=False,
        lookup=ReqIFObjectLookup.empty(),
        exceptions=[],
    )
    return str(ReqIFUnparser.unparse(bundle))


def identifier(kind: str, name: str) -> str:
    """The same for the same thing in every export, and a name XML accepts."""
    return f"_{kind}-{hashlib.sha256(name.encode()).hexdigest()[:20]}"


class _Build:
    """The parts of one file."""

    def __init__(self, trace: Trace, when: str) -> None:
        self.trace, self.when = trace, when
        self.objects: list[Any] = []
        self.relations: list[Any] = []
        for name, entry in trace.entries.items():
            flat, limits = records_of(name, entry)
            verdicts = [f"{car}: {cell['verdict']}" for car, cell in trace.verdicts_of(name)]
            self._object("requirement", name, {**flat, "verdicts": "\n".join(verdicts) or "NOT_EXECUTED"})
            for limit in limits:
                key = f"{name}.{limit['quantity']}"
                self._object("limit", key, {**limit, "title": limit_text(entry["limits"][limit["quantity"]])})
                self._relation("limit", "limit", key, name)
        for scenario in trace.scenarios:
            self._object("scenario", scenario.id, {"title": scenario.name})
            for requirement in scenario.requirements:
                if requirement in trace.entries:
                    self._relation("scenario", "scenario", scenario.id, requirement)
            for requirement, quantity in scenario.measures:
                if quantity in trace.entries.get(requirement, {}).get("limits", {}):
                    self._relation("measures", "scenario", scenario.id, f"{requirement}.{quantity}", "limit")
        for defect in trace.defects:
            self._object("defect", defect.id, {"text": defect.symptom})
            for requirement in defect.requirements:
                if requirement in trace.entries:
                    self._relation("defect", "defect", defect.id, requirement)
        self._results(trace)

    def _results(self, trace: Trace) -> None:
        known = {scenario.id for scenario in trace.scenarios}
        for result in trace.results:
            self._object("result", result.id, dict(result.texts))
            if result.scenario in known:
                self._relation("result", "result", result.id, result.scenario, "scenario")
            for requirement in result.requirements:
                if requirement in trace.entries:
                    self._relation("shows", "result", result.id, requirement)
            for figure in result.figures:
                self._object("figure", figure.id, dict(figure.texts))
                self._relation("figure", "figure", figure.id, result.id, "result")
                if figure.quantity in trace.entries.get(figure.requirement, {}).get("limits", {}):
                    self._relation("held", "figure", figure.id, f"{figure.requirement}.{figure.quantity}", "limit")

    def data_types(self) -> list[Any]:
        from reqif.models import reqif_data_type as types

        text = {"last_change": self.when}
        return [
            types.ReqIFDataTypeDefinitionString("_string", long_name="String", max_length="32000", **text),
            types.ReqIFDataTypeDefinitionReal(
                "_real", long_name="Real", accuracy=17, min_value="-1e300", max_value="1e300", **text
            ),
            types.ReqIFDataTypeDefinitionXHTML("_xhtml", long_name="XHTML", is_self_closed=True, **text),
        ]

    def spec_types(self) -> list[Any]:
        from reqif.models.reqif_spec_object_type import ReqIFSpecObjectType, SpecAttributeDefinition
        from reqif.models.reqif_spec_relation_type import ReqIFSpecRelationType
        from reqif.models.reqif_specification_type import ReqIFSpecificationType

        def attribute(kind: str, field: str) -> Any:
            return SpecAttributeDefinition(
                attribute_type=_type(kind, field),
                identifier=_attribute(kind, field),
                datatype_definition=f"_{_type(kind, field).name.lower()}",
                last_change=self.when,
                long_name=FOREIGN_ID if field == "id" else NAMES.get(field, field),
            )

        made: list[Any] = [
            ReqIFSpecObjectType(
                identifier=f"_type-{kind}",
                last_change=self.when,
                long_name=long_name,
                attribute_definitions=[attribute(kind, field) for field in ("id", *_FIELDS[kind])],
            )
            for kind, long_name in (*TYPES.items(), ("group", "Group"))
            if kind in _FIELDS
        ]
        made += [
            ReqIFSpecRelationType(identifier=f"_relation-{kind}", last_change=self.when, long_name=name)
            for kind, name in RELATIONS.items()
        ]
        made.append(
            ReqIFSpecificationType(
                identifier="_type-specification", last_change=self.when, long_name="Trace matrix", is_self_closed=True
            )
        )
        return made

    def specification(self) -> Any:
        """Requirements with their limits below them; the scenarios; the seeded defects; results and measurements."""
        from reqif.models.reqif_spec_hierarchy import ReqIFSpecHierarchy
        from reqif.models.reqif_specification import ReqIFSpecification

        def node(kind: str, name: str, level: int, below: Sequence[Any] = ()) -> Any:
            return ReqIFSpecHierarchy(
                identifier=identifier(f"place-{kind}", name),
                spec_object=identifier(kind, name),
                level=level,
                children=list(below) or None,
                last_change=self.when,
                editable=None,
                is_table_internal=None,
                is_self_closed=False,
            )

        tops = [
            node("requirement", name, 1, [node("limit", f"{name}.{q}", 2) for q in entry.get("limits", {})])
            for name, entry in self.trace.entries.items()
        ]
        tops += [node("scenario", scenario.id, 1) for scenario in self.trace.scenarios]
        tops += [node("defect", defect.id, 1) for defect in self.trace.defects]
        tops += [
            node("result", result.id, 1, [node("figure", figure.id, 2) for figure in result.figures])
            for result in self.trace.results
        ]
        return ReqIFSpecification(
            identifier=identifier("specification", "headunit-hil"),
            last_change=self.when,
            long_name="Head unit requirements",
            specification_type="_type-specification",
            children=tops,
        )

    def _object(self, kind: str, name: str, record: dict[str, str]) -> None:
        from reqif.models.reqif_spec_object import ReqIFSpecObject, SpecObjectAttribute

        def attribute(field: str, text: str) -> Any:
            bad = _NOT_XML.search(text)
            if bad:
                where, shown = f"{name}.{field}", f"holds U+{ord(bad.group()):04X}, which XML cannot hold"
                raise BadInput("requirements", None, where, shown, "Take it out of the text, or export as CSV.")
            value = _xhtml(text) if field in _XHTML else text
            return SpecObjectAttribute(_type(kind, field), _attribute(kind, field), value)

        fields = [("id", name), *((field, record.get(field, "")) for field in _FIELDS[kind])]
        self.objects.append(
            ReqIFSpecObject(
                identifier=identifier(kind, name),
                attributes=[attribute(field, text) for field, text in fields if text],
                spec_object_type=f"_type-{kind}",
                last_change=self.when,
            )
        )

    def _relation(
        self, kind: str, source_kind: str, source: str, target: str, target_kind: str = "requirement"
    ) -> None:
        from reqif.models.reqif_spec_relation import ReqIFSpecRelation

        self.relations.append(
            ReqIFSpecRelation(
                identifier=identifier(f"{kind}-relation", f"{source}\0{target}"),
                relation_type_ref=f"_relation-{kind}",
                source=identifier(source_kind, source),
                target=identifier(target_kind, target),
                last_change=self.when,
            )
        )


def _attribute(kind: str, field: str) -> str:
    return f"_attribute-{kind}-{field}"


def _type(kind: str, field: str) -> Any:
    from reqif.models.reqif_types import SpecObjectAttributeType

    if kind == "figure" and field in NUMBERS:
        return SpecObjectAttributeType.REAL
    return SpecObjectAttributeType.XHTML if field in _XHTML else SpecObjectAttributeType.STRING


def _xhtml(text: str) -> str:
    """A carriage return would be read back as a line feed, were it not written as a reference."""
    return f"<xhtml:div>{escape(text, quote=False).replace(chr(13), '&#13;')}</xhtml:div>"


def fields_of(kinds: Iterable[str]) -> set[str]:
    """Attribute names of our own for these kinds of objects."""
    return {NAMES.get(field, field) for kind in kinds for field in _FIELDS[kind]}
