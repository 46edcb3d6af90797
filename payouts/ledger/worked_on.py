"""The day of the work that an entry in the books is about, by which it is known how it is paid."""

from typing import Any

from django.db.models import DateField, Func


class WorkedOn(Func):
    """The day of the work of an entry: asked of the database, which asks the same in its own promises.

    Tips and what is given back are about the visit, however late they come; what fills up a day is about that day,
    and a correction about the day of what it corrects. All else is about the day on which it counts.
    """

    function = "payouts_worked_on"
    output_field: Any = DateField()
