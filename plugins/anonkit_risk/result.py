"""The result of a computation of risk: the figures, their tables, and the reasons why they do not pass a gate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import attrs

from anonkit_risk.notebook_table import notebook_table
from anonkit_risk.options import RiskOptions

__all__ = ["RiskResult"]


@attrs.frozen
class RiskResult:
    """The figures of one data set, as in risk.json: ``result["k"]``."""

    figures: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.figures[key]

    def as_json(self) -> bytes:
        """Return risk.json: a line for each entry of its long lists."""
        lines = [f"  {json.dumps(key)}: {_rendered(value)}" for key, value in self.figures.items()]
        return ("{\n" + ",\n".join(lines) + "\n}\n").encode()

    def table(self) -> list[tuple[str, str]]:
        """Return label and text of the figures that matter most."""
        figures = self.figures
        rows, people, least = figures["rows"], figures["people"], figures["min_users"]
        return [
            ("users", f"{people:,}"),
            ("rows", f"{rows:,}"),
            ("quasi-identifiers", ", ".join(figures["quasi_identifiers"])),
            ("classes", f"{figures['classes']:,}"),
            ("fewest users in a class (k)", f"{figures['k']:,}"),
            ("users with a class of their own", f"{figures['sample_uniques']:,} of {people:,}"),
            ("rows in classes of one user", _share(figures["rows_in_single_user_classes"], rows)),
            (f"rows in classes of fewer than {least} users", _share(figures["rows_below_min_users"], rows)),
            ("prosecutor risk", f"{figures['prosecutor_risk']:.2%}"),
            ("marketer risk", f"{figures['marketer_risk']:.2%}"),
            *((f"{column['column']}: l, t", f"{column['l']}, {column['t']:.2f}") for column in figures["sensitive"]),
        ]

    def column_table(self) -> list[tuple[str, str, str, str]]:
        """Return a line for each column: name, values, k alone, rows in classes of one user that it adds."""
        return [
            (
                column["column"],
                f"{column['values']:,}",
                f"{column['k_alone']:,}",
                f"{column['adds_rows_in_single_user_classes']:,}",
            )
            for column in self.figures["columns"]
        ]

    def faults(self, options: RiskOptions) -> list[str]:
        """Return the reasons why the data set does not pass the gate of the options; an empty list when it passes."""
        found = []
        figures = self.figures
        if not figures["classes"]:
            return []
        if options.min_users is not None and figures["k"] < options.min_users:
            found.append(
                f"min_users = {options.min_users}: {figures['classes_below_min_users']:,} of {figures['classes']:,} "
                f"combinations of {', '.join(figures['quasi_identifiers'])} are those of fewer users, "
                f"{figures['rows_below_min_users']:,} of {figures['rows']:,} rows; "
                f"the smallest of {_users(figures['k'])}"
            )
        if options.max_risk is not None and figures["prosecutor_risk"] > options.max_risk:
            found.append(
                f"max_risk = {options.max_risk:g}: a user is picked out of the smallest combination of "
                f"{', '.join(figures['quasi_identifiers'])}, that of {_users(figures['k'])}, with a probability of "
                f"{figures['prosecutor_risk']:.3g}"
            )
        if found:
            found += self._columns_at_fault(options)
        return found

    def _columns_at_fault(self, options: RiskOptions) -> list[str]:
        """Return a line for each column with a value that too few users have."""
        least = max(options.min_users or 1, 2)
        return [self._at_fault(column) for column in self.figures["columns"] if column["k_alone"] < least]

    def _at_fault(self, column: Mapping[str, Any]) -> str:
        alone = f"{column['column']} alone has a value that only {_users(column['k_alone'])} " + (
            "has" if column["k_alone"] == 1 else "have"
        )
        single, without = self.figures["rows_in_single_user_classes"], column["rows_in_single_user_classes_without"]
        if single == without:
            return alone
        return f"{alone}; without it, {without:,} rows are in classes of one user, instead of {single:,}"

    def _repr_html_(self) -> str:
        """Return the figures as a table for notebooks."""
        return notebook_table(self.table())


def _users(count: int) -> str:
    return "one user" if count == 1 else f"{count:,} users"


def _share(count: int, total: int) -> str:
    return f"{count:,} ({count / total:.1%})" if total else "0"


def _rendered(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], (dict, list)):
        return "[\n" + ",\n".join(f"    {json.dumps(item, ensure_ascii=False)}" for item in value) + "\n  ]"
    return json.dumps(value, ensure_ascii=False)
