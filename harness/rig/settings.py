"""A driver's settings, as a rig file gives them, checked by a model before anything is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from harness.foundation.config import Located, into
from harness.foundation.errors import BadInput, SeveralBadInputs
from harness.foundation.units import Ns, parse_duration


class Settings(BaseModel):
    """Unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


M = TypeVar("M", bound=Settings)


def checked(model: type[M], port: str, settings: dict[str, object]) -> M:
    """``settings`` of ``port`` as ``model``. BadInput or SeveralBadInputs naming the port, the key, and what to write.

    The file and the line are known to who read the file, not here: the place is the port.
    """
    try:
        return into(Located(Path("rig file"), settings, {}), model)
    except BadInput as error:
        raise _at(port, error) from None
    except SeveralBadInputs as several:
        raise SeveralBadInputs([_at(port, error) for error in several.errors]) from None


def _at(port: str, error: BadInput) -> BadInput:
    return BadInput(f"rig file, {port}", None, error.value, error.problem, error.remedy)


def _duration(value: object) -> Any:
    if not isinstance(value, str):
        raise ValueError("a time needs its unit. Write it like '50 ms'")
    return parse_duration(value)


Duration = Annotated[Ns, BeforeValidator(_duration), Field(ge=0)]
