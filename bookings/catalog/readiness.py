"""What the catalogue needs before clients can book."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.catalog.door.door_signs import DoorSign
from bookings.catalog.prices import ServicePrice
from bookings.catalog.services import Service
from bookings.catalog.wages.least_wages import LeastWage
from bookings.policies import PAY_FLOOR, WORKER_SHARE
from coop.models import Amendment, ZipCode
from coop.readiness.needs import Need, register
from members.agreements.agreements import PAY_NOTICE
from members.models import AgreementVersion, Availability, Member, Role
from members.standing import founded

OFFICE = (Role.Kind.COORDINATOR, Role.Kind.BOARD)


def _something_is_offered() -> bool:
    return ServicePrice.objects.in_force(timezone.localdate()).exists()


def _somebody_chose_the_offer() -> bool:
    """Did anybody of the co-op set a price, or was it open once?"""
    return ServicePrice.objects.exclude(set_by=None).exists() or any(over() for over in founded.ends)


def _pay_notice_is_true() -> bool:
    """Did no rule about pay change after the notice of pay was last written? Where there is none, nothing is asked."""
    written = AgreementVersion.objects.standing().filter(agreement__code=PAY_NOTICE, agreement__ended_at=None)
    latest = written.latest_first().values_list("starts_on", flat=True).first()
    rules = [WORKER_SHARE.key, PAY_FLOOR.key]
    return latest is None or not Amendment.objects.filter(policy__in=rules, effective_on__gt=latest).exists()


def _somebody_can_come() -> bool:
    """Is there a member who can do one of the services, and has said when they work?"""
    skills = list(Service.objects.values_list("skill", flat=True).distinct())
    able = Member.objects.working().filter(skills__overlap=skills)
    return Availability.objects.filter(member__in=able).exists()


register(
    Need(
        "area",
        _("The co-op works nowhere."),
        _("Say in which counties or ZIP codes you work."),
        lambda: ZipCode.objects.served_from(timezone.localdate()).exists(),
        address="areas",
        offices=(Role.Kind.COORDINATOR,),
        opens=True,
    ),
    Need(
        "services",
        _("Nothing is offered."),
        _("Give the services prices."),
        _something_is_offered,
        address="prices",
        offices=(Role.Kind.COORDINATOR,),
        opens=True,
    ),
    Need(
        "offer",
        _("Nobody has chosen yet what you offer."),
        _("Tick ready-made services and extras, and look over their prices."),
        _somebody_chose_the_offer,
        address="ready_made",
        offices=(Role.Kind.COORDINATOR,),
    ),
    Need(
        "workers",
        _("Nobody can come to a client."),
        _(
            "At least one member needs a skill that a service asks for: whoever looks after membership writes it down "
            "in their file. And they say under “Me” when they work."
        ),
        _somebody_can_come,
        address="members",
        offices=(Role.Kind.MEMBERSHIP,),
        opens=True,
    ),
    Need(
        "certificates",
        _("A service needs a certificate that nobody holds."),
        _("Its members show theirs under “Me”, and another person of the membership office checks it."),
        lambda: not Service.objects.without_holders(timezone.localdate()).exists(),
        address="certificates",
        offices=(Role.Kind.MEMBERSHIP,),
    ),
    Need(
        "least_wage",
        _("Nobody has written down what an hour pays at least by law."),
        _("Write it down with the law that says so. Pay by the hour is then never below it, whatever is voted."),
        lambda: LeastWage.objects.begun(timezone.localdate()).exists(),
        address="least_wages",
        offices=(Role.Kind.TREASURER, Role.Kind.BOARD),
    ),
    Need(
        "pay_notice",
        _("Pay has changed since the notice of pay was written."),
        _("Write a new version: everybody who works here reads what holds now."),
        _pay_notice_is_true,
        address="agreements",
        offices=(Role.Kind.MEMBERSHIP, Role.Kind.BOARD),
    ),
    Need(
        "door",
        _("The co-op is not open for bookings."),
        _("Open it when you are ready. You can close it again at any time, with words for clients."),
        lambda: DoorSign.latest().is_open,
        address="hang_sign",
        offices=OFFICE,
    ),
)
