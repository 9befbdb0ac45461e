"""``-k`` for Robot: the same expressions, matched against a test's name, its tags and the names of its suites."""

from __future__ import annotations

from typing import Any

from _pytest.mark.expression import Expression
from robot.api import SuiteVisitor


class Select(SuiteVisitor):  # type: ignore[misc]
    """A pre-run modifier that keeps the tests an expression matches. Underscores stand for spaces in names."""

    def __init__(self, expression: str) -> None:
        self._expression = Expression.compile(expression)

    def start_suite(self, suite: Any) -> None:
        suite.tests = [test for test in suite.tests if self._matches(test)]

    def _matches(self, test: Any) -> bool:
        names = [test.full_name.lower(), *(str(tag).lower() for tag in test.tags)]
        names += [name.replace(" ", "_") for name in names]

        def known(word: str, /, **_: Any) -> bool:
            return any(word.lower() in name for name in names)

        return bool(self._expression.evaluate(known))
