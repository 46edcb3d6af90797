"""What the offices of the demo keep: the duties of the year, what everybody accepts, and papers."""

from datetime import datetime, timedelta
from itertools import pairwise

from django.utils import timezone
from typst import Compiler

from bookings.imports.clients import import_clients
from members.duties.usual import USUAL
from members.models import Agreement, AgreementVersion, Duty, Member, Paper, User

A_DAY = timedelta(days=1)
KEPT = ("patronage", "liability", "meeting", "payroll-q4", "w2-1099", "licences")
"""The usual duties that the co-op of the demo has."""


def put_duties(people: list[Member], *, at: datetime, by: User) -> None:
    """A few for the year to come, the first of which nobody looks after yet, and one that is done."""
    today, pairs = timezone.localdate(at), [*pairwise(people)]
    for one, (owner, deputy) in zip([one for one in USUAL if one.code in KEPT], [(None, None), *pairs], strict=False):
        facts = {**one.titles(), **one.abouts(), "owner": owner, "deputy": deputy}
        Duty.add(code=one.code, due_on=one.next(today), **facts, at=at, by=by)
    done = Duty.add(
        title_en="Renew the contract of the office",
        title_es="Renovar el contrato de la oficina",
        due_on=today + 5 * A_DAY,
        owner=people[0],
        at=at,
        by=by,
    )
    done.finish(words="Signed for another year.", paper=None, at=at, by=people[0].user)


FROM_BEFORE = """name,e-mail,phone,language,street and number,apartment,ZIP code
Ruth Alder,ruth.alder@clients.example.com,718 555 0171,en,212 Windsor Place,2,11215
Ruth Alder,ruth.alder@clients.example.com,718 555 0171,en,88 Sterling Place,,11217
Tomás Ibarra,,718 555 0172,es,640 Vanderbilt Avenue,4R,11238
"""


def bring_households(*, at: datetime, by: User) -> None:
    """Two that somebody of the co-op knew before, from a table; nobody has come to them yet."""
    import_clients(FROM_BEFORE, at=at, by=by)


HANDBOOK = {
    "text_en": "We come on time, and say early when we cannot.\n\nWe leave each home as we would like to find ours.\n\n"
    "Nobody works where they do not feel safe: leave, and tell the safety office.",
    "text_es": "Llegamos a la hora, y avisamos pronto cuando no podemos.\n\nDejamos cada casa como nos gustaría hallar "
    "la nuestra.\n\nNadie trabaja donde no se siente a salvo: vete, y avisa a la oficina de seguridad.",
}


def agree(people: list[Member], *, at: datetime, by: User) -> None:
    """A handbook that everybody has accepted, and a new version to come that the first few have read."""
    today = timezone.localdate(at)
    handbook = Agreement.add(name_en="Handbook", name_es="Manual", at=at, by=by)
    version = AgreementVersion.write(handbook, starts_on=today, **HANDBOOK, at=at, by=by)
    for member in people:
        version.accept(language=member.user.language, at=at, by=member.user)
    changed = {"changed_en": "How early we say that we cannot come.", "changed_es": "Cuándo avisamos que no podemos."}
    coming = AgreementVersion.write(handbook, starts_on=today + 14 * A_DAY, **HANDBOOK, **changed, at=at, by=by)
    for member in people[:5]:
        coming.accept(language=member.user.language, at=at, by=member.user)


PAGES = (
    (Paper.Kind.MINUTES, "Minutes of the last meeting of members", "We heard the books and agreed on the next year."),
    (Paper.Kind.INSURANCE, "Liability insurance", "The policy of this year, as the insurer sent it."),
    (
        Paper.Kind.POLICY,
        "What we do when somebody is not safe",
        "Leave, and tell the safety office. Nobody asks why.",
    ),
)


def file_papers(*, at: datetime, by: User) -> None:
    """A few pages that members read."""
    for kind, title, words in PAGES:
        page = Compiler(f"= {title}\n\n{words}".encode()).compile(format="pdf")
        assert isinstance(page, bytes)
        Paper.add(kind=kind, title=title, day=timezone.localdate(at), file=page, at=at, by=by)
