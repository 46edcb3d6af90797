"""What offices of the demo wrote to members: a meeting, and something for those who clean."""

from datetime import datetime, time, timedelta
from uuid import uuid4

from coop.dev.demo.founding import NEW_YORK
from members.announcements.audience import Audience
from members.models import Addressee, Announcement, Role

ANSWERS = ("yes", "yes", "perhaps", "no", "")


def announce(at: datetime) -> None:
    """Two announcements of the last days; some have opened them and said whether they can come."""
    offices = (Role.Kind.BOARD, Role.Kind.COORDINATOR)
    board, coordinator = (Role.objects.filter(kind=kind).earliest("pk").member.user for kind in offices)
    meeting = Announcement.send(
        uuid4(),
        audience=Audience(),
        at=at - timedelta(days=3),
        by=board,
        asks=True,
        begins_at=datetime.combine(at.date() + timedelta(days=12), time(18, 30), NEW_YORK),
        office=Role.Kind.BOARD,
        subject_en="Members' meeting",
        body_en="We talk about the reserve and the new year. There is soup, and somebody looks after children.",
        subject_es="Reunión de miembros",
        body_es="Hablamos de la reserva y del nuevo año. Hay sopa, y alguien cuida a los niños.",
    )
    Announcement.send(
        uuid4(),
        audience=Audience(skills=("cleaning",)),
        at=at - timedelta(days=1),
        by=coordinator,
        office=Role.Kind.COORDINATOR,
        subject_en="New gloves in the office",
        body_en="In all sizes. Take two pairs.",
        subject_es="Guantes nuevos en la oficina",
        body_es="En todas las tallas. Llévate dos pares.",
    )
    for row in Addressee.objects.to_tell(at).select_related("announcement__author", "member__user"):
        row.tell(at=row.announcement.sent_at)
    rows = meeting.addressees.filter(opened_at=None).select_related("member__user").order_by("pk")
    for row, said in zip(rows, ANSWERS * 3, strict=False):
        row.open(at=at - timedelta(days=2))
        if said:
            meeting.answer(said, at=at - timedelta(days=2), by=row.member.user)
