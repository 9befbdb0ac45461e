"""The mutants of one source file.

Theory. mutmut's operators say what a mutation of a node is. Its own walk leaves out properties, decorated functions and
module level, because it puts all mutants side by side into one file; here a mutant is the whole file anew, so tables at
module level, where this project keeps its behaviour, are mutated too. Left out is what cannot behave: docstrings,
annotations, ``__all__``, imports, decorators, what stands below TYPE_CHECKING, and the texts of errors and log lines.
Of a string's three spellings only the first is made: they are seen or not seen together.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import libcst as cst
from libcst import matchers as m
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

LOG = m.Call(
    func=m.Attribute(attr=m.OneOf(*(m.Name(n) for n in ("debug", "info", "warning", "error", "exception"))))
    | m.Attribute(value=m.Attribute(attr=m.Name("log")), attr=m.Name("line"))  # of the unit, to its console
)
SPARED = m.OneOf(
    m.Annotation(),
    m.Decorator(),
    m.Import(),
    m.ImportFrom(),
    m.Raise(),
    m.Assert(),
    m.TypeAlias(),
    LOG,
    m.SimpleStatementLine(body=[m.Expr(m.SimpleString() | m.ConcatenatedString())]),
    m.Expr(m.SimpleString() | m.ConcatenatedString()),
    m.Assign(targets=[m.AssignTarget(m.Name("__all__") | m.Name("__slots__"))]),
    m.Assign(value=m.Call(func=m.OneOf(m.Name("TypeVar"), m.Name("ParamSpec"), m.Name("getLogger")))),
    m.If(test=m.Name("TYPE_CHECKING")),
    m.ClassDef(bases=[m.ZeroOrMore(), m.Arg(m.Name("Protocol")), m.ZeroOrMore()]),
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """``line`` counts from 1; ``span`` are the lines of the statement it is in (a compound one's head)."""

    id: str
    source: Path
    line: int
    operator: str
    span: tuple[int, int]
    at_import: bool
    """Whether the line runs while the module is imported, not when a test calls something."""
    original: str
    mutated: str
    diff: str

    def to_json(self) -> dict[str, object]:
        kept = {k: getattr(self, k) for k in ("id", "line", "operator", "original", "mutated", "diff")}
        return {**kept, "source": self.source.as_posix()}


class Mill:
    """One file and its mutants. They are counted cheaply; the text of one is made when it is wanted."""

    def __init__(self, root: Path, source: Path) -> None:
        self.source = source
        self.text = (root / source).read_text("utf-8")
        wrapper = MetadataWrapper(cst.parse_module(self.text))
        self._module = wrapper.module
        walk = _Walk()
        wrapper.visit(walk)
        self._found = walk.found
        self._tree = ast.parse(self.text)

    def __len__(self) -> int:
        return len(self._found)

    def mutant(self, number: int) -> Mutant:
        line, column, operator, which, node, changed = self._found[number]
        first, last = self._span(line)
        diff = self._diff(self.code(number))
        return Mutant(
            id=f"{self.source.as_posix()}:{line}:{column}:{operator}:{which}",
            source=self.source,
            line=line,
            operator=operator,
            span=(first, last),
            at_import=not any(a <= first <= b for a, b in self._bodies),
            original=self._module.code_for_node(node).strip(),
            mutated=self._module.code_for_node(changed).strip(),
            diff=diff,
        )

    def code(self, number: int) -> str:
        """The whole file with this mutant."""
        *_, node, changed = self._found[number]
        module = self._module.deep_replace(node, changed)
        assert isinstance(module, cst.Module)
        return module.code

    def _diff(self, changed: str) -> str:
        lines = difflib.unified_diff(self.text.splitlines(), changed.splitlines(), n=0, lineterm="")
        return "\n".join(line for line in lines if line[:3] not in ("---", "+++", "@@ "))

    @cached_property
    def _bodies(self) -> list[tuple[int, int]]:
        """Lines of functions' bodies, first and last."""
        functions = (n for n in ast.walk(self._tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
        return [(f.body[0].lineno, f.end_lineno or f.lineno) for f in functions]

    @cached_property
    def _statements(self) -> list[tuple[int, int]]:
        found = []
        for node in ast.walk(self._tree):
            if not isinstance(node, ast.stmt):
                continue
            body = getattr(node, "body", None) or getattr(node, "cases", None)
            last = node.end_lineno or node.lineno
            if body:
                first_inside = getattr(body[0], "lineno", None) or body[0].pattern.lineno
                last = max(node.lineno, first_inside - 1)
            found.append((node.lineno, last))
        return found

    def _span(self, line: int) -> tuple[int, int]:
        holding = [(a, b) for a, b in self._statements if a <= line <= b]
        return min(holding, key=lambda s: s[1] - s[0], default=(line, line))


class _Walk(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, int, str, int, cst.CSTNode, cst.CSTNode]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if m.matches(node, SPARED):
            return False
        if m.matches(node, m.Call(func=m.Name("cast"))):
            return False
        where = self.get_metadata(PositionProvider, node, None)
        if where is not None:
            for operator, which, changed in _mutations(node):
                start = where.start  # type: ignore[attr-defined]
                self.found.append((start.line, start.column, operator, which, node, changed))
        return True


def _mutations(node: cst.CSTNode) -> Iterator[tuple[str, int, cst.CSTNode]]:
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            name = operator.__name__.removeprefix("operator_")
            for which, changed in enumerate(operator(node)):
                if name == "string" and which:
                    break
                yield name, which, changed
