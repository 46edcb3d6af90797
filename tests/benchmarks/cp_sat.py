"""Gives out all visits week by week with OR-tools CP-SAT; run by `peer.py` in an environment of its own.

Told on its standard input, as JSON: the minutes that members want in a week; the visits of each week, all known
beforehand (number, household, minutes, who could do it and would say yes, and who did it by another rule: a plan to
begin with); lists of visits of which nobody can do two; after how many weeks hours are counted anew; the seconds that a
week may take. Says on its last line, as JSON, who does which visit.

It wants, in this order of weight: visits done, everybody near the same share of the hours they want, and the person of
the time before.
"""

import json
import sys
from collections import defaultdict
from typing import Any

from ortools.sat.python import cp_model

FILLED, SAME, NEAR, FAR, NEARBY = 500, 20, 1, 3, 5
"""Points for a visit done, for the same person again, against each percent off, against each beyond `NEARBY`."""


class Week:
    """One week of the plan: who has had how much so far, and who came to whom the last time."""

    def __init__(self, asked: dict[str, Any], received: dict[int, int], came: dict[int, int], number: int) -> None:
        weeks = number + 1 - (asked["ramp"] if number >= asked["ramp"] else 0)
        self.wants = {int(member): minutes * weeks for member, minutes in asked["wants"].items()}
        self.visits, self.apart = asked["weeks"][number]["visits"], asked["weeks"][number]["apart"]
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
        for visit in self.visits:
            for member, does in self.does[visit["number"]].items():
                self.model.add_hint(does, member == visit["began"])
        self.model.maximize(self._done() - self._uneven())
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = self.seconds
        solver.parameters.num_workers = 2
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
        """How far everybody is from the share that all could have, in percent of what they want."""
        minutes = sum(visit["minutes"] for visit in self.visits)
        even = (sum(self.received.values()) + minutes) / sum(self.wants.values())
        work: dict[int, list[Any]] = defaultdict(list)
        for visit in self.visits:
            for member, does in self.does[visit["number"]].items():
                work[member].append(visit["minutes"] * does)
        return sum(self._off(member, sum(work[member]), even) for member in self.wants)

    def _off(self, member: int, week: Any, even: float) -> Any:
        wants = self.wants[member]
        off = self.model.new_int_var(0, 1000, "")
        beyond = self.model.new_int_var(0, 1000, "")
        gap = self.received[member] + week - round(even * wants)
        self.model.add(off * wants >= 100 * gap)
        self.model.add(off * wants >= -100 * gap)
        self.model.add(beyond >= off - NEARBY)
        return NEAR * off + FAR * beyond


def main() -> None:
    """One week after the other."""
    asked = json.load(sys.stdin)
    received, came, given = dict.fromkeys(map(int, asked["wants"]), 0), {}, {}
    for number, week in enumerate(asked["weeks"]):
        if number == asked["ramp"]:
            received = dict.fromkeys(received, 0)
        chosen = Week(asked, received, came, number).solve()
        given |= chosen
        for visit in week["visits"]:  # in the order of their times
            if visit["number"] in chosen:
                received[chosen[visit["number"]]] += visit["minutes"]
                came[visit["household"]] = chosen[visit["number"]]
    print(json.dumps(given))  # noqa: T201


if __name__ == "__main__":
    main()
