"""The board and a committee of the demo, and a few looks at files."""

from datetime import date, datetime, timedelta

from members.models import Body, Look, Member, Role

FOUNDING = "Founding meeting"
BOARD = {
    "name_en": "Board",
    "name_es": "Consejo",
    "quorum": 2,
    "may_en": "Signs for the co-op, watches the books, and prepares what all members vote on.",
    "may_es": "Firma por la cooperativa, vigila los libros y prepara lo que votan todos los miembros.",
    "up_to_cents": 2_500_00,
}
SAFETY = {
    "name_en": "Safety committee",
    "name_es": "Comité de seguridad",
    "quorum": 2,
    "may_en": "Looks into what went wrong at a home, and buys what keeps us safe.",
    "may_es": "Revisa lo que salió mal en un hogar y compra lo que nos protege.",
    "up_to_cents": 400_00,
}


def found_bodies(members: list[Member], *, start: date, at: datetime) -> None:
    """Both since the founding, each with three members; who looks after membership has opened a few files."""
    board, membership = (
        Role.objects.filter(kind=kind).earliest("pk").member.user for kind in (Role.Kind.BOARD, Role.Kind.MEMBERSHIP)
    )
    for facts, places in ((BOARD, (3, 9, 6)), (SAFETY, (6, 7, 8))):
        body = Body.found(at=at, by=board, note=FOUNDING, **facts)
        for place in places:
            ends_on = start + timedelta(days=730)
            body.terms.create(member=members[place], starts_on=start, ends_on=ends_on, decision=FOUNDING)
    for days, member in enumerate(members[:6], start=1):
        Look.write(Look.Page.FILE, about=member.user, by=membership, at=at - timedelta(days=days))
