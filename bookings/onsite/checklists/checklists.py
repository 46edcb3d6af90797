"""What is done in each room: the list that clients read before they book, and that workers tick at the visit."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.catalog.services import Service
from bookings.visits.shifts.shifts import Shift
from coop.errors import Refusal
from coop.typed.fields import WrittenLine
from coop.typed.list_items import ListItem


class ChecklistTaskQuerySet(models.QuerySet["ChecklistTask"]):
    def standing(self) -> "ChecklistTaskQuerySet":
        """What is on the lists today, in the order of the rooms."""
        rooms = [models.When(room=room, then=place) for place, room in enumerate(ChecklistTask.Room.values)]
        levels = [models.When(level=level, then=place) for place, level in enumerate(Service.Level.values)]
        return self.filter(ended_at__isnull=True).order_by(models.Case(*rooms), models.Case(*levels), "position", "pk")

    def of(self, service: Service) -> "ChecklistTaskQuerySet":
        """What this service includes: a deep one everything, a service without a level nothing."""
        included = {Service.Level.REGULAR: ["regular"], Service.Level.DEEP: ["regular", "deep"], "": []}
        return self.filter(level__in=included[service.level])


class ChecklistTask(ListItem):
    """One thing that is done in a kind of room, at a regular or only at a deep visit."""

    class Room(models.TextChoices):
        BATHROOM = "bathroom", gettext_lazy("Bathroom")
        KITCHEN = "kitchen", gettext_lazy("Kitchen")
        LIVING = "living", gettext_lazy("Living room")
        BEDROOM = "bedroom", gettext_lazy("Bedroom")
        HALL = "hall", gettext_lazy("Hall")

    PART_OF = ("room",)

    room = models.CharField(max_length=10, choices=Room.choices)
    level = models.CharField(max_length=10, choices=Service.Level.choices)
    text_en = WrittenLine(max_length=120)
    text_es = WrittenLine(max_length=120)

    objects = ChecklistTaskQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("task")


class TaskDone(models.Model):
    """A worker ticked a task of their shift. It helps to remember and says nothing about anybody."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="tasks_done")
    task = models.ForeignKey(ChecklistTask, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = gettext_lazy("ticked task")
        constraints = [models.UniqueConstraint(fields=["shift", "task"], name="a_task_is_ticked_once")]

    def __str__(self) -> str:
        return f"{self.shift_id}: {self.task_id}"

    @classmethod
    @transaction.atomic
    def tick(cls, shift: Shift, tasks: Iterable[ChecklistTask], *, at: datetime) -> None:
        """These are done so far, and the others not. Only while the shift is under way; it keeps nobody from ending."""
        shift.lock()
        if shift.state != Shift.State.STARTED:
            raise Refusal(_("You can tick what is done while you are there."))
        done = list(tasks)
        cls.objects.filter(shift=shift).exclude(task__in=done).delete()
        TaskDone.objects.bulk_create([TaskDone(shift=shift, task=task, at=at) for task in done], ignore_conflicts=True)


def by_room(tasks: Iterable[ChecklistTask]) -> list[tuple[str, list[ChecklistTask]]]:
    """Tasks in the order of `standing`, under the names of their rooms."""
    return [
        (str(ChecklistTask.Room(room).label), list(found)) for room, found in groupby(tasks, lambda task: task.room)
    ]
