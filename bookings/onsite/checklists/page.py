"""The list of one visit as whoever is there sees it: what there is to do in each room, and what is ticked by whom."""

from dataclasses import dataclass
from itertools import groupby

from bookings.onsite.checklists.checklists import ChecklistTask, TaskDone
from bookings.visits.shifts.shifts import Shift


@dataclass(frozen=True)
class TaskLine:
    """One task; `mine`: this worker ticked it; `mate`: the other of the crew did (a name, or nothing)."""

    task: ChecklistTask
    mine: bool
    mate: str


@dataclass(frozen=True)
class Checklist:
    """A visit's tasks by room."""

    rooms: list[tuple[str, list[TaskLine]]]

    @property
    def lines(self) -> list[TaskLine]:
        return [line for _room, lines in self.rooms for line in lines]

    @property
    def done(self) -> int:
        """How many are ticked, by whomever."""
        return sum(1 for line in self.lines if line.mine or line.mate)


def checklist(shift: Shift) -> Checklist:
    """What this shift's visit includes and what is ticked so far. Two queries; empty for care by the hour."""
    assert shift.visit is not None
    tasks = list(ChecklistTask.objects.standing().of(shift.visit.booking.service))
    ticks = TaskDone.objects.filter(shift__visit=shift.visit_id).select_related("shift__member__user") if tasks else ()
    mine, mates = set(), {}
    for tick in ticks:
        if tick.shift_id == shift.pk:
            mine.add(tick.task_id)
        elif tick.shift.member:
            mates[tick.task_id] = tick.shift.member.short_name
    lines = [TaskLine(task, task.pk in mine, mates.get(task.pk, "")) for task in tasks]
    grouped = groupby(lines, lambda line: line.task.room)
    return Checklist([(str(ChecklistTask.Room(room).label), list(found)) for room, found in grouped])
