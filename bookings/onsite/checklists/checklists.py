"""What is done in each room: the list that clients read before they book, and that workers tick at the visit."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django.db import models, transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bookings.catalog.services import Service
from bookings.visits.shifts.shifts import Shift
from coop.errors import Refusal
from coop.models import Event
from coop.typed.fields import WrittenLine
from members.models import User


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


class ChecklistTask(models.Model):
    """One thing that is done in a kind of room, at a regular or only at a deep visit."""

    class Room(models.TextChoices):
        BATHROOM = "bathroom", gettext_lazy("Bathroom")
        KITCHEN = "kitchen", gettext_lazy("Kitchen")
        LIVING = "living", gettext_lazy("Living room")
        BEDROOM = "bedroom", gettext_lazy("Bedroom")
        HALL = "hall", gettext_lazy("Hall")

    room = models.CharField(max_length=10, choices=Room.choices)
    level = models.CharField(max_length=10, choices=Service.Level.choices)
    text_en = WrittenLine(max_length=120)
    text_es = WrittenLine(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    objects = ChecklistTaskQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("task")

    def __str__(self) -> str:
        return self.text_es if (get_language() or "en").startswith("es") else self.text_en

    @classmethod
    @transaction.atomic
    def add(cls, *, room: str, level: str, text_en: str, text_es: str, at: datetime, by: User) -> "ChecklistTask":
        """Put something at the end of a room's list."""
        last = cls.objects.filter(room=room).aggregate(last=models.Max("position"))["last"] or 0
        task = cls.objects.create(room=room, level=level, text_en=text_en, text_es=text_es, position=last + 1)
        task._log("add", f"{room}: {text_en}", at=at, by=by)
        return task

    @transaction.atomic
    def change(self, *, room: str, level: str, text_en: str, text_es: str, at: datetime, by: User) -> None:
        """Say it in other words, or elsewhere on the lists."""
        self._insist_that_it_stands()
        self._log("change", f"{self.text_en} → {text_en}", at=at, by=by)
        self.room, self.level, self.text_en, self.text_es = room, level, text_en, text_es
        self.save(update_fields=["room", "level", "text_en", "text_es"])

    @transaction.atomic
    def end(self, *, at: datetime, by: User) -> None:
        """Take it off the lists; what was ticked stays ticked."""
        self._insist_that_it_stands()
        self.ended_at = at
        self.save(update_fields=["ended_at"])
        self._log("end", self.text_en, at=at, by=by)

    def _insist_that_it_stands(self) -> None:
        self.refresh_from_db(from_queryset=ChecklistTask.objects.select_for_update())
        if self.ended_at is not None:
            raise Refusal(_("This is not on the lists any more."))

    def _log(self, verb: str, note: str, *, at: datetime, by: User) -> None:
        Event.objects.create(kind=self._meta.label_lower, subject=self.pk, verb=verb, actor=by, at=at, note=note)


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
