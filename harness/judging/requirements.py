"""The requirements as data: what is asked, of which cars, against which limits, and how it is sampled.

Theory. A scenario names a requirement and nothing else; limits, watch time, patience and statistic live here, so that a
limit is changed in one place and every verdict says where it came from. A car may bring its own figure for a maker's
value, a guideline or a draft; what law or a standard sets it may only tighten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from harness.foundation.config import Located, check_schema, into, load_yaml, suggest
from harness.foundation.errors import BadInput, HarnessError, SeveralBadInputs
from harness.foundation.units import Ns, S
from harness.foundation.values import Limit
from harness.vehicle.limits import BINDING, LimitModel, within
from harness.vehicle.load import FILE
from harness.vehicle.quantities import Duration
from harness.vehicle.roles import (
    BUTTON_KINDS,
    CHECKED,
    COUNTED,
    NAVIGATION,
    ON_CAN,
    ON_CHANGE,
    PROFILES,
    ROLES,
    WITNESSES,
)
from harness.vehicle.vehicle import Vehicle

SCHEMA = 1
DEFAULT_PATIENCE: Ns = 5 * S
LEVELS = ("virtual", "vcan", "bench")
NEEDS = frozenset({*ROLES, *BUTTON_KINDS, *WITNESSES, *PROFILES, NAVIGATION, ON_CAN, ON_CHANGE, COUNTED, CHECKED})
"""What a requirement may need of a car."""

Text = Annotated[str, StringConstraints(min_length=1)]


class RequirementModel(BaseModel):
    """One requirement in a YAML file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text
    text: Text
    rationale: Text
    title_zh: Text = ""
    text_zh: Text = ""
    rationale_zh: Text = ""
    version: Annotated[int, Field(ge=1)]
    status: Literal["draft", "active"]
    needs: tuple[str, ...] = ()
    limits: dict[str, LimitModel] = {}
    from_: Literal["began", "ended"] | None = Field(None, alias="from")
    watch: Duration | None = None
    watch_source: str = "maker's value"
    patience: Duration = DEFAULT_PATIENCE
    statistic: Literal["max", "each"] = "each"
    samples: dict[Literal["virtual", "vcan", "bench"], Annotated[int, Field(ge=1)]] = {}


class RequirementsFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: int = Field(alias="schema")
    requirements: dict[Annotated[str, StringConstraints(pattern=r"^[A-Z]+-\d{2}$")], RequirementModel]


@dataclass(frozen=True)
class Requirement:
    """``limits`` by quantity ("latency"), base units; ``watch`` and ``patience`` in ns; ``samples`` by level."""

    id: str
    title: str
    text: str
    rationale: str
    version: int
    status: str
    needs: tuple[str, ...]
    limits: Mapping[str, Limit]
    from_: str | None
    """Whether a latency counts from where a stimulus "began" or "ended"; None leaves it to the scenario."""
    watch: Ns | None
    patience: Ns
    statistic: str
    """What repeated samples say: "each" of itself alone, "max" also of all that were not taken."""
    samples: Mapping[str, int]
    watch_source: str
    verified_by: Mapping[str, str]
    """By quantity: who has compared the figure with its source; "" when nobody has."""
    title_zh: str
    """The same in Chinese, for Chinese reports; "" where nobody wrote it."""
    text_zh: str
    rationale_zh: str
    place: tuple[Path, int]
    """File and line where it stands."""

    def limit(self, quantity: str) -> Limit:
        """HarnessError, with a suggestion, when the requirement sets none for ``quantity``."""
        try:
            return self.limits[quantity]
        except KeyError:
            raise HarnessError(f"{self.id} sets no limit for {quantity!r}. {suggest(quantity, self.limits)}") from None

    def told(self) -> dict[str, str | int]:
        """What a run keeps of it, so that its reports never show a later text: words, version and status."""
        known: dict[str, str | int] = {"title": self.title, "text": self.text, "rationale": self.rationale}
        chinese = {"title_zh": self.title_zh, "text_zh": self.text_zh, "rationale_zh": self.rationale_zh}
        known |= {name: text for name, text in chinese.items() if text}
        return {**known, "version": self.version, "status": self.status}

    def sample_count(self, level: str) -> int:
        """How often a repeated scenario is to be run on ``level`` (1 where the requirement says nothing)."""
        return self.samples.get(level, 1)

    def applicable(self, vehicle: Vehicle) -> str | None:
        """None, or why the requirement does not apply to this car."""
        missing = [need for need in self.needs if not vehicle.has(need)]
        return f"{self.id} needs {missing[0]}, which {vehicle.name} does not offer" if missing else None


@dataclass(frozen=True)
class Catalogue:
    """All requirements, by id, in the order of their files."""

    requirements: Mapping[str, Requirement]

    def __getitem__(self, requirement: str) -> Requirement:
        """HarnessError, with a suggestion, for an id that is not in the catalogue."""
        try:
            return self.requirements[requirement]
        except KeyError:
            raise HarnessError(f"no requirement {requirement!r}. {suggest(requirement, self.requirements)}") from None

    def __contains__(self, requirement: object) -> bool:
        return requirement in self.requirements

    def __iter__(self) -> Iterator[str]:
        return iter(self.requirements)

    def __len__(self) -> int:
        return len(self.requirements)

    def for_vehicle(self, vehicle: Vehicle) -> Catalogue:
        """The catalogue with the car's own limits. BadInput for one that loosens law or standard, or fits nothing."""
        changed = dict(self.requirements)
        errors: list[BadInput] = []
        for name, own in vehicle.limits.items():
            requirement, _, quantity = name.partition(".")
            wrong = self._misfit(requirement, quantity, own)
            if wrong:
                located = load_yaml(vehicle.folder / FILE)
                errors.append(located.error(("limits", name), *wrong))
                continue
            before = changed[requirement]
            changed[requirement] = replace(before, limits={**before.limits, quantity: own})
        _raise(errors)
        return Catalogue(changed)

    def _misfit(self, requirement: str, quantity: str, own: Limit) -> tuple[str, str] | None:
        if requirement not in self.requirements:
            return f"no requirement {requirement!r}", suggest(requirement, self.requirements)
        limits = self.requirements[requirement].limits
        if quantity not in limits:
            return f"{requirement} sets no limit for {quantity!r}", suggest(
                quantity, limits
            ) if limits else "Remove it."
        base = limits[quantity]
        if own.unit != base.unit:
            return f"is in {own.unit}, {requirement} in {base.unit}", f"Write it like {base.text}."
        if base.status in BINDING and not within(own, base):
            return f"loosens {base.text} of {base.source} ({base.status})", "It may only be tightened."
        return None


def load_requirements(folder: Path) -> Catalogue:
    """All ``*.yaml`` of ``folder``. BadInput or SeveralBadInputs with file, line, value and remedy."""
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise BadInput(folder, None, "", "no requirements here", "Put at least one file like btn.yaml into it.")
    found: dict[str, Requirement] = {}
    errors: list[BadInput] = []
    for path in paths:
        try:
            here = read_requirements(check_schema(load_yaml(path), SCHEMA))
        except BadInput as why:
            errors.append(why)
            continue
        except SeveralBadInputs as why:
            errors.extend(why.errors)
            continue
        for name, requirement in here.items():
            if name in found:
                (other, line), (_, own) = found[name].place, requirement.place
                problem = f"the id stands in {other.name}:{line} too"
                errors.append(BadInput(path, own, f"requirements.{name}", problem, "Give one of them another id."))
                continue
            found[name] = requirement
    _raise(errors)
    return Catalogue(found)


def read_requirements(located: Located) -> dict[str, Requirement]:
    """The requirements of one file, or of what was made of another format, by id. BadInput or SeveralBadInputs."""
    model = into(located, RequirementsFile)
    errors = [
        error
        for name, given in model.requirements.items()
        for error in _unknown_needs(given, ("requirements", name), located)
    ]
    _raise(errors)
    return {
        name: _requirement(name, given, (located.path, located.line(("requirements", name))))
        for name, given in model.requirements.items()
    }


def limit_text(given: Mapping[str, str]) -> str:
    """A limit of a file as reports show it: "<= 250 ms"."""
    return LimitModel.model_validate(given).limit().text


def _unknown_needs(given: RequirementModel, where: tuple[str, str], located: Located) -> list[BadInput]:
    return [
        located.error((*where, "needs", i), f"no car can offer {part.strip()!r}", suggest(part.strip(), NEEDS))
        for i, need in enumerate(given.needs)
        for part in need.split("|")
        if part.strip() not in NEEDS
    ]


def _requirement(name: str, given: RequirementModel, place: tuple[Path, int]) -> Requirement:
    return Requirement(
        id=name,
        title=given.title,
        text=given.text,
        rationale=given.rationale,
        version=given.version,
        status=given.status,
        needs=given.needs,
        limits={quantity: limit.limit() for quantity, limit in given.limits.items()},
        from_=given.from_,
        watch=given.watch,
        patience=given.patience,
        statistic=given.statistic,
        samples={str(level): count for level, count in given.samples.items()},
        watch_source=given.watch_source,
        verified_by={quantity: limit.verified_by for quantity, limit in given.limits.items()},
        title_zh=given.title_zh,
        text_zh=given.text_zh,
        rationale_zh=given.rationale_zh,
        place=place,
    )


def _raise(errors: list[BadInput]) -> None:
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise SeveralBadInputs(errors)
