"""Dialog files: how to work an app, as data. The screens of an app change from version to version; this is what
changes.

A dialog has actions (scan, confirm, refuse, send_text, inbox ...); an action has steps, and the outcomes by which one
sees what came of it. docs/reference/drivers-android.md tells how to write one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from harness.foundation.config import load, suggest
from harness.foundation.errors import BadInput
from harness.foundation.units import Ns, S, parse_duration
from harness.phone.hierarchy import Target

OUTCOMES = ("accepted", "expired", "used", "refused", "unknown", "offline")
"""What a scan or a decision may come to (``phone.port.Scan``)."""
NEEDED = ("scan", "confirm", "refuse")
KNOWN = re.compile(r"scan|confirm|refuse|inbox|send_[a-z_]+")
DIALOGS = Path(__file__).parent / "dialogs"


def _duration(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


Duration = Annotated[Ns, BeforeValidator(_duration), Field(gt=0)]


class TargetModel(BaseModel):
    """As ``hierarchy.Target``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str | None = None
    contains: str | None = None
    matches: str | None = None
    id: str | None = None
    description: str | None = None
    kind: str | None = None
    index: int = 0

    @model_validator(mode="after")
    def _meaningful(self) -> TargetModel:
        words = (self.text, self.contains, self.matches, self.id, self.description, self.kind)
        if not any(words):
            raise ValueError("nothing says what to look for. Give text, contains, matches, id, description or kind")
        if self.matches is not None:
            try:
                re.compile(self.matches)
            except re.error as why:
                raise ValueError(f"'matches' is no regular expression: {why}") from why
        return self

    def target(self, values: Mapping[str, str]) -> Target:
        """With {to} and the like filled in."""
        plain = Target(**self.model_dump())
        return replace(
            plain,
            text=filled(plain.text, values),
            contains=filled(plain.contains, values),
            description=filled(plain.description, values),
        )


class StepModel(BaseModel):
    """One thing to do: launch, stop, key, tap, hold, type or wait. ``otherwise`` is the outcome when the target is not
    there ``within`` the time; ``acts`` marks the step that makes the app tell the service."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    launch: str | None = None
    stop: str | None = None
    key: str | None = None
    tap: TargetModel | None = None
    hold: TargetModel | None = None
    type: str | None = None
    wait: TargetModel | None = None
    within: Duration = 5 * S
    otherwise: str | None = None
    acts: bool = False

    @model_validator(mode="after")
    def _one(self) -> StepModel:
        does = [name for name in ("launch", "stop", "key", "tap", "hold", "type", "wait") if getattr(self, name)]
        if len(does) != 1:
            raise ValueError(f"a step does one thing, this does {does or 'nothing'}. Make a step of each")
        for shell_word in (self.launch, self.stop, self.key):
            if shell_word is not None and not re.fullmatch(r"[\w./$]+", shell_word):
                raise ValueError(f"{shell_word!r} is no name of a package, an activity or a key")
        if self.otherwise is not None and not (self.tap or self.wait):
            raise ValueError("'otherwise' belongs to tap and wait")
        return self


class ActionModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    steps: list[StepModel] = []
    outcomes: dict[str, TargetModel] = {}
    within: Duration = 15 * S
    rows: TargetModel | None = None
    sender: TargetModel | None = None
    text: TargetModel | None = None
    own: TargetModel | None = None
    kinds: dict[str, TargetModel] = {}


class PictureModel(BaseModel):
    """Where a picture goes so that the app's album shows it, and the commands that tell the album; {path} is filled
    in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Annotated[str, Field(pattern=r"^/[\w./-]+$")] = "/sdcard/Pictures"
    announce: list[str] = ["am broadcast -a android.intent.action.MEDIA_SCANNER_SCAN_FILE -d file://{path}"]


class Dialog(BaseModel):
    """``title`` says for which app and version, and who wrote it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = Field(alias="schema")
    title: str
    picture: PictureModel = PictureModel()
    actions: dict[str, ActionModel]

    @model_validator(mode="after")
    def _whole(self) -> Dialog:
        missing = [name for name in NEEDED if name not in self.actions]
        if missing:
            raise ValueError(f"the action(s) {', '.join(missing)} are missing. Write them under 'actions'")
        for name, action in self.actions.items():
            if not KNOWN.fullmatch(name):
                raise ValueError(f"no action {name!r} is known. There are scan, confirm, refuse, inbox and send_KIND")
            _check(name, action)
        return self


def _check(name: str, action: ActionModel) -> None:
    said = {*action.outcomes, *(s.otherwise for s in action.steps if s.otherwise)}
    if name in NEEDED:
        unknown = sorted(said - set(OUTCOMES))
        if unknown:
            raise ValueError(f"{name} cannot come to {', '.join(unknown)}. Known: {', '.join(OUTCOMES)}")
        if "accepted" not in action.outcomes:
            raise ValueError(f"{name} does not say by what one sees that it was accepted. Add it to 'outcomes'")
    if name.startswith("send_") and "sent" not in action.outcomes:
        raise ValueError(f"{name} does not say by what one sees that it was sent. Add 'sent' to 'outcomes'")
    if name == "inbox" and (action.rows is None or action.sender is None):
        raise ValueError("inbox needs 'rows' (one per message) and 'sender' (within a row)")
    if sum(step.acts for step in action.steps) > 1:
        raise ValueError(f"{name}: more than one step 'acts'. Mark the one that makes the app tell the service")


def load_dialog(name: str) -> Dialog:
    """A dialog that comes with the harness, by its name, or a YAML file. BadInput or SeveralBadInputs with file, line,
    value and remedy."""
    if name.endswith((".yaml", ".yml")):
        return load(Path(name), Dialog)[0]
    path = DIALOGS / f"{name}.yaml"
    if not path.is_file():
        known = [p.stem for p in DIALOGS.glob("*.yaml")]
        raise BadInput(
            "rig file, dialog", None, name, "no such dialog", f"{suggest(name, known)} Or give a .yaml file."
        )
    return load(path, Dialog)[0]


def filled(words: str | None, values: Mapping[str, str]) -> Any:
    """``words`` with {name} replaced by what it stands for; other braces stay."""
    if words is None:
        return None
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), words)
