"""YAML that people write, read with its line numbers, into pydantic models.

``load(path, Model)`` returns the model or raises SeveralBadInputs / BadInput with file, line, value and remedy. Every
file starts with ``schema: 1``: a newer one is refused, an older one is migrated by pure functions the caller gives.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from harness.foundation.errors import BadInput, SeveralBadInputs

if TYPE_CHECKING:
    from pydantic import BaseModel

M = TypeVar("M", bound="BaseModel")
Where = tuple[str | int, ...]


class Located:
    """Plain data from a YAML file, and the line on which each part of it stands."""

    def __init__(self, path: Path, data: Any, lines: Mapping[Where, int]) -> None:
        self.path = path
        self.data = data
        self._lines = lines

    def line(self, where: Iterable[str | int] = ()) -> int:
        """The line (from 1) of the value at ``where``, or of its nearest parent that is in the file."""
        place = tuple(where)
        while place not in self._lines and place:
            place = place[:-1]
        return self._lines.get(place, 1)

    def error(self, where: Iterable[str | int], problem: str, remedy: str) -> BadInput:
        place = tuple(where)
        shown = ".".join(map(str, place))
        value: Any = self.data
        for part in place:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                value = None
                break
        if isinstance(value, str | int | float | bool):
            shown += f" = {value!r}" if shown else repr(value)
        return BadInput(self.path, self.line(place), shown, problem, remedy)


class _Loader(yaml.SafeLoader):
    """SafeLoader; a duplicate key is an error instead of a silent loss, and on/off stay words (YAML 1.2)."""


_Loader.yaml_implicit_resolvers = {
    key: [
        (tag, pattern) for tag, pattern in rules if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
    ]
    for key, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def load_yaml(path: Path) -> Located:
    """Read a YAML file. BadInput when it is missing, not text, not YAML, or has a key twice."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        beside = [p.name for p in path.parent.glob("*")] if path.parent.is_dir() else []
        near = difflib.get_close_matches(path.name, beside)
        hint = f"Did you mean {near[0]}?" if near else "Check the path."
        raise BadInput(path, None, "", "no such file", hint) from None
    except (OSError, UnicodeDecodeError) as why:
        raise BadInput(path, None, "", f"cannot be read: {why}", "It must be a UTF-8 text file.") from why
    lines: dict[Where, int] = {}
    loader: _Loader | None = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        data = _plain(loader, node, (), lines, path) if node is not None else None
    except yaml.MarkedYAMLError as why:
        mark = why.problem_mark
        line = mark.line + 1 if mark else None
        raise BadInput(path, line, "", f"not YAML: {why.problem}", "Check indentation, colons and quotes.") from why
    except yaml.YAMLError as why:
        raise BadInput(path, None, "", f"not YAML: {why}", "It must be a plain YAML text.") from why
    except RecursionError as why:
        raise BadInput(path, None, "", "lists or mappings lie too deep, or hold themselves", "Write it flat.") from why
    finally:
        if loader is not None:
            loader.dispose()
    return Located(path, data, lines)


def _plain(loader: _Loader, node: yaml.Node, where: Where, lines: dict[Where, int], path: Path) -> Any:
    lines[where] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                line = key_node.start_mark.line + 1
                raise BadInput(path, line, "", "the key is no word", "Write a word before the colon.")
            key = _scalar(loader, key_node, path)
            if key in result:
                line = key_node.start_mark.line + 1
                raise BadInput(path, line, str(key), "the key stands twice", "Keep one of them.")
            result[key] = _plain(loader, value_node, (*where, key), lines, path)
            lines[(*where, key)] = key_node.start_mark.line + 1
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(loader, item, (*where, i), lines, path) for i, item in enumerate(node.value)]
    return _scalar(loader, node, path)


def _scalar(loader: _Loader, node: yaml.Node, path: Path) -> Any:
    try:
        return loader.construct_object(node, deep=True)
    except (ValueError, LookupError, TypeError, AttributeError) as why:
        # PyYAML lets what its constructors stumble over through: "!!int x", a number of 5,000 digits
        line, shown, kind = node.start_mark.line + 1, str(node.value)[:40], node.tag.rpartition(":")[2]
        raise BadInput(path, line, shown, f"is no {kind}", "Put it in quotes if it is a text.") from why


def suggest(word: str, known: Iterable[str]) -> str:
    """A remedy for a word that is not in a closed table."""
    choices = sorted(known)
    near = difflib.get_close_matches(word, choices, n=1)
    return f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(choices)}."


def check_schema(
    located: Located, current: int, migrations: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] | None = None
) -> Located:
    """Refuse a newer schema or none, bring an older one up to ``current``; the line numbers stay."""
    if not isinstance(located.data, dict):
        raise located.error((), "the file is not a mapping", f"Start it with 'schema: {current}'.")
    data = dict(located.data)
    version = data.get("schema")
    if not isinstance(version, int) or isinstance(version, bool):
        raise located.error(("schema",), "the schema number is missing", f"Start the file with 'schema: {current}'.")
    if version > current:
        raise located.error(
            ("schema",), f"written for schema {version}, this harness knows {current}", "Update the harness."
        )
    while version < current:
        step = (migrations or {}).get(version)
        if step is None:
            raise located.error(("schema",), f"schema {version} is too old", f"Rewrite the file for schema {current}.")
        data = step(data)
        version += 1
    return Located(located.path, data, located._lines)


def into(located: Located, model: type[M], where: Where = ()) -> M:
    """Validate the data at ``where`` as ``model``; every violation becomes a BadInput with its line."""
    from pydantic import ValidationError

    data = located.data
    for part in where:
        data = data[part]
    try:
        return model.model_validate(data)
    except ValidationError as why:
        errors = []
        for error in why.errors():
            raw = tuple(part for part in error["loc"])
            place = (*where, *_in_file(data, raw))
            problem, remedy = _explain(error, model, raw)
            errors.append(located.error(place, problem, remedy))
        if len(errors) == 1:
            raise errors[0] from None
        raise SeveralBadInputs(errors) from None


def load(
    path: Path,
    model: type[M],
    *,
    schema: int = 1,
    migrations: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] | None = None,
) -> tuple[M, Located]:
    """Read, migrate and validate a file; also returns its Located, for checks that reach beyond it."""
    located = check_schema(load_yaml(path), schema, migrations)
    return into(located, model), located


def _in_file(data: Any, loc: Where) -> Where:
    """Drop the parts of a pydantic location that are names of union members, not keys of the file."""
    kept: list[str | int] = []
    for part in loc:
        if isinstance(data, dict):
            if part not in data:
                if part == loc[-1]:
                    kept.append(part)  # the key that is missing
                continue
            data = data[part]
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            continue
        kept.append(part)
    return tuple(kept)


def _explain(error: Any, model: type[BaseModel], loc: Where) -> tuple[str, str]:
    kind, message = error["type"], error["msg"]
    if kind == "extra_forbidden":
        fields = _fields_at(model, loc[:-1])
        return "unknown key", suggest(str(loc[-1]), fields) if fields else "Remove it."
    if kind == "missing":
        return "is missing", f"Add {loc[-1]!r}."
    if kind == "value_error":
        text = str(error.get("ctx", {}).get("error", message))
        problem, _, remedy = text.partition(". ")
        return problem, remedy or "Correct it."
    return message[0].lower() + message[1:], "Write a value of that type."


def _fields_at(model: Any, loc: Where) -> list[str]:
    from typing import get_args

    from pydantic import BaseModel

    current: Any = model
    for part in loc:
        if isinstance(current, type) and issubclass(current, BaseModel):
            field = next((f for n, f in current.model_fields.items() if part in (n, f.alias)), None)
            current = field.annotation if field else None
        else:
            inner = [a for a in get_args(current) if isinstance(a, type) and issubclass(a, BaseModel)]
            current = inner[0] if inner else None
    inner = [a for a in get_args(current) if isinstance(a, type) and issubclass(a, BaseModel)]
    current = inner[0] if inner else current
    if isinstance(current, type) and issubclass(current, BaseModel):
        return [f.alias or n for n, f in current.model_fields.items()]
    return []
