"""Which of our modules may be imported before the fork: those that do not stand on a mutated one.

Only what is imported while a module is imported counts; an import inside a function happens after the fork.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path


def graph(root: Path, package: str) -> dict[str, set[str]]:
    """Module name -> modules of the package that it imports at its top level."""
    files = {}
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    edges: dict[str, set[str]] = {}
    for name, path in files.items():
        wanted = set()
        for imported in _imported(ast.parse(path.read_text("utf-8"))):
            parts = imported.split(".")
            wanted |= {".".join(parts[: i + 1]) for i in range(len(parts))} & files.keys()
        edges[name] = wanted - {name}
    return edges


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _imported(node)


def standing_on(edges: dict[str, set[str]], modules: Iterable[str]) -> set[str]:
    """``modules`` and all that import them, over any number of steps."""
    importers: dict[str, set[str]] = {}
    for name, imported in edges.items():
        for other in imported:
            importers.setdefault(other, set()).add(name)
    found, todo = set(), list(modules)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += importers.get(name, ())
    return found


def importers(edges: dict[str, set[str]], module: str) -> set[str]:
    return {name for name, imported in edges.items() if module in imported}
