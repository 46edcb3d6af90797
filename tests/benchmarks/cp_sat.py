"""Gives out all visits day by day with OR-tools CP-SAT; run by `peer.py` in an environment of its own.

Told on its standard input, as JSON: the minutes that members want in a week; the visits of each day, all known
beforehand (number, household, minutes, who could do it and would say yes); lists of visits of which nobody can do two;
after how many days hours are counted anew; the seconds that a day may take. Says on its last line, as JSON, who does
which visit.

It wants, in this order of weight: visits done, the person of the time before, and everybody near the same share of the
hours they want; but whoever is further off than `NEARBY` thousandths weighs more.
"""

import json
import sys
from collections import defaultdict
from typing import Any

from ortools.sat.python import cp_model

FILLED, SAME, NEAR, FAR, NEARBY = 1000, 50, 1, 4, 30
"""Points for a visit done, for the same person again, against each thousandth off, against each beyond `NEARBY`."""


class Day:
    """One day of the plan: who has had how much so far, and who came to whom the last time."""

    def __init__(self, asked: dict[str, Any], received: dict[int, int], came: dict[int, int], number: int) -> None:
        days = number + 1 - (asked["ramp"] if number >= asked["ramp"] else 0)
        self.whole = {int(member): minutes * len(asked["days"]) // 7 for member, minutes in asked["wants"].items()}
        self.wants = {int(member): minutes * days // 7 for member, minutes in asked["wants"].items()}
        self.visits, self.apart = asked["days"][number]["visits"], asked["days"][number]["apart"]
        self.received, self.came, self.seconds = received, came, asked["seconds"]
        self.model = cp_model.CpModel()
        self.does = {
            visit["number"]: {member: self.model.new_bool_var("") for member in visit["able"]} for visit in self.visits
        }

    def solve(self) -> dict[int, int]:
        """Who does which visit."""
        for choices in self.does.values():
            self.model.add_at_most_one(choices.values())
        for group in self.apart:
            for member in self.wants:
                self.model.add_at_most_one(self.does[one][member] for one in group if member in self.does[one])
        self.model.maximize(self._done() - self._uneven())
        solver = cp_model.CpSolver()
        solver.parameters.max_deterministic_time = self.seconds  # as it counts them itself, whatever else is going on
        solver.parameters.num_workers = 2
        solver.parameters.relative_gap_limit = 0.0005
        solver.solve(self.model)
        chosen = ((number, member) for number, choices in self.does.items() for member in choices)
        return {number: member for number, member in chosen if solver.boolean_value(self.does[number][member])}

    def _done(self) -> Any:
        points = (
            (FILLED + SAME * (self.came.get(visit["household"]) == member)) * does
            for visit in self.visits
            for member, does in self.does[visit["number"]].items()
        )
        return sum(points)

    def _uneven(self) -> Any:
        """How far everybody is from what they would have if all had the same share, in thousandths of all they want."""
        minutes = sum(visit["minutes"] for visit in self.visits)
        even = (sum(self.received.values()) + minutes) / sum(self.wants.values())
        work: dict[int, list[Any]] = defaultdict(list)
        for visit in self.visits:
            for member, does in self.does[visit["number"]].items():
                work[member].append(visit["minutes"] * does)
        return sum(self._off(member, sum(work[member]), even) for member in self.wants)

    def _off(self, member: int, day: Any, even: float) -> Any:
        off = self.model.new_int_var(0, 10_000, "")
        beyond = self.model.new_int_var(0, 10_000, "")
        gap = self.received[member] + day - round(even * self.wants[member])
        self.model.add(off * self.whole[member] >= 1000 * gap)
        self.model.add(off * self.whole[member] >= -1000 * gap)
        self.model.add(beyond >= off - NEARBY)
        return NEAR * off + FAR * beyond


def main() -> None:
    """One day after the other."""
    asked = json.load(sys.stdin)
    received = dict.fromkeys(map(int, asked["wants"]), 0)
    came: dict[Any, Any] = {}
    given: dict[Any, Any] = {}
    for number, day in enumerate(asked["days"]):
        if number == asked["ramp"]:
            received = dict.fromkeys(received, 0)
        chosen = Day(asked, received, came, number).solve()
        given |= chosen
        for visit in day["visits"]:  # in the order of their times
            if visit["number"] in chosen:
                received[chosen[visit["number"]]] += visit["minutes"]
                came[visit["household"]] = chosen[visit["number"]]
    print(json.dumps(given))  # noqa: T201


if __name__ == "__main__":
    main()
