"""The one place where a case becomes an Allure result, for pytest and Robot alike.

Both adapters (allure-pytest, allure-robotframework) end in ``allure_commons``' hook ``report_result``. This plugin
runs before the file writer and fills the result from the case's journal, so nothing else has to call ``allure.*``.
Register it with ``allure_commons.plugin_manager.register(hook)``; it needs to be told which folder belongs to a
result:

- ``hook.current = folder`` where results are reported one by one as cases end (pytest);
- ``hook.folders[full_name] = folder`` where they are reported at the end of a suite (Robot: the long name).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import allure_commons
from allure_commons.model2 import Attachment, Status, TestResult

from harness.evidence.allure_case import fill
from harness.evidence.case import CaseRecord, read_case
from harness.evidence.exhibits import exhibits


class AllureHook:
    """Plugin object for ``allure_commons.plugin_manager``."""

    def __init__(self) -> None:
        self.current: Path | None = None
        self.folders: dict[str, Path] = {}

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: TestResult) -> None:
        """Fill ``result`` from its case's folder; a result without one (another project's test) stays as it is."""
        folder = self.folders.get(result.fullName) or self.current
        if folder is None or not folder.is_dir():
            return
        case = read_case(folder)
        fill(result, case)
        attach(result, case, allure_commons.plugin_manager.hook)

    @allure_commons.hookimpl(tryfirst=True)
    def report_container(self, container: Any) -> None:
        """Fixtures that went well are plumbing; only one that did not belongs into a report."""
        container.befores = [f for f in container.befores if f.status != Status.PASSED]
        container.afters = [f for f in container.afters if f.status != Status.PASSED]


def attach(result: TestResult, case: CaseRecord, write: Any) -> None:
    """Put the case's exhibits before what the runner attached. ``write`` has the two ``report_attached_*`` calls."""
    made = []
    for number, exhibit in enumerate(exhibits(case)):
        stem = hashlib.sha256(f"{case.name}\0{number}".encode()).hexdigest()[:32]
        source = f"{stem}-attachment.{exhibit.extension}"
        if isinstance(exhibit.body, Path):
            write.report_attached_file(source=str(exhibit.body), file_name=source)
        else:
            write.report_attached_data(body=exhibit.body, file_name=source)
        made.append(Attachment(name=exhibit.name, source=source, type=exhibit.type))
    result.attachments = made + list(result.attachments)
