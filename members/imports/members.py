"""A table of members: who is new, who is known, and what cannot be taken; then all are invited, or none."""

import re
from datetime import datetime

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from coop.errors import Refusal
from coop.models import Event
from coop.typed.folding import folded
from coop.web.csv_import import MOST_BEFORE, Problem, Row, faults, in_order, read
from members.founding.invitations import FounderInvitation
from members.imports.rows import COLUMNS, MemberRowForm
from members.people.members import Member
from members.people.users import User
from members.skills.skills import Skill
from members.standing.founded import is_founded

MOST_ROWS = 200
NOBODYS = 0
"""The number under which it is written down that a table was imported, among the events of members."""


class MemberTable:
    """A text as a table of people. Questions to the database are as many for one line as for two hundred."""

    def __init__(self, text: str) -> None:
        table = read(text, COLUMNS, most_rows=MOST_ROWS)
        self.problems: list[Problem] = list(table.problems)
        skills = {
            folded(word): one.code for one in Skill.objects.all() for word in (one.code, one.name_en, one.name_es)
        }
        self.people: dict[str, MemberRowForm] = {}
        lines: dict[str, Row] = {}
        for row in table.rows:
            form = MemberRowForm(row.cells, skills=skills)
            email = form.cleaned_data["email"] if form.is_valid() else ""
            if not email:
                self.problems += faults(row, form, COLUMNS)
            elif email in lines:
                told = _("Line %(line)d has this e-mail address, too.") % {"line": lines[email].line}
                self._refuse(row, told)
            else:
                self.people[email], lines[email] = form, row
        self.known = self._known()
        for email in self._left():
            self._refuse(lines[email], _("They left the co-op. How they come back stands in their file."))
        self.problems = in_order(self.problems)

    @property
    def new(self) -> dict[str, MemberRowForm]:
        """Those who are to be invited, by their addresses."""
        return {email: form for email, form in self.people.items() if email not in self.known}

    def _refuse(self, row: Row, why: str) -> None:
        self.problems.append(Problem(row.line, str(COLUMNS[1].name), row.cells["email"], why))

    def _known(self) -> set[str]:
        """Those of the table who belong to the co-op, or are invited to."""
        here = Member.objects.here().filter(user__email__in=self.people).values_list("user__email", flat=True)
        asked = FounderInvitation.objects.waiting().select_related("user")
        there = models.Q(user__email__in=self.people) | models.Q(user__claimed_email__in=self.people)
        return {*here, *(one.user.address for one in asked.filter(there))}

    def _left(self) -> set[str]:
        gone = Member.objects.in_state(Member.State.FORMER).filter(user__email__in=self.people)
        return set(gone.values_list("user__email", flat=True))


def check_admission() -> None:
    """Refused once the co-op is founded: then whoever works here decides who else does."""
    if is_founded():
        raise Refusal(_("The co-op is founded. New members come by admission."))


@transaction.atomic
def import_members(text: str, *, at: datetime, by: User) -> tuple[int, int]:
    """Invite everybody of a table who is not here: all, or (Refusal) nobody. How many were invited, and are known.

    What it says of them is theirs once they have accepted by a code of their own. Of two at once, the second finds
    whom the first has invited.
    """
    check_admission()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('members.import_members'))")
    table = MemberTable(text)
    if table.problems:
        raise Refusal(_("Something has changed meanwhile. Please look it over once more."))
    for email, form in table.new.items():
        said = form.cleaned_data
        names = {"email": email, "name": said["name"], "language": said["language"]}
        FounderInvitation.invite(**names, offices=(), told=form.told, at=at, by=by)
    if table.new:
        note = f"+{len(table.new)} invited ({len(table.known)} known)"
        Event.objects.create(kind=_kind(), subject=NOBODYS, verb="import", actor=by, at=at, note=note)
    return len(table.new), len(table.known)


def in_words(invited: int, known: int) -> str:
    """What came of a table, in the language of the page."""
    return _("Invited: %(invited)d. Here or invited already: %(known)d.") % {"invited": invited, "known": known}


def imports_before() -> list[tuple[Event, str]]:
    """The last tables that were imported: when and by whom, and in words how much came of it."""
    found = Event.objects.filter(kind=_kind(), subject=NOBODYS, verb="import")
    last = found.select_related("actor").order_by("-at", "-pk")[:MOST_BEFORE]
    return [(event, in_words(*map(int, re.findall("[0-9]+", event.note)))) for event in last]


def _kind() -> str:
    return Member._meta.label_lower
