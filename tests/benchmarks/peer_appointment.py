"""django-appointment on the data of our own benchmark; run by `peer.py` with the Python of an environment of its own.

Given as one JSON argument: the database, how many staff, the first day, how many days, and whether to book. Says what
it measured as JSON on its last line. It is asked as its own pages ask it: once for each person and day.
"""

import json
import os
import sys
import time
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any

ASKED = json.loads(sys.argv[1])
TICKS = os.sysconf("SC_CLK_TCK")


def configure() -> None:
    """A site with nothing in it but the peer."""
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="only-for-a-benchmark",
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **ASKED["database"]}},
        INSTALLED_APPS=[
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "appointment",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["testserver"],
        USE_TZ=True,
        TIME_ZONE="America/New_York",
        EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        STATIC_URL="/static/",
        LOGGING_CONFIG=None,
        # The peer comes without migrations of its own, so that its tables and those it points to are made in one step.
        MIGRATION_MODULES=dict.fromkeys(("admin", "auth", "contenttypes", "sessions")),
    )
    django.setup()


configure()

from appointment.models import Appointment, AppointmentRequest, Service, StaffMember, WorkingHours  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import include, path, reverse  # noqa: E402

urlpatterns = [path("", include("appointment.urls"))]


def fill(days: list[date]) -> tuple[Service, list[StaffMember]]:
    """Staff who work Monday to Friday from 8 to 18, each with two visits of two hours a day."""
    service = Service.objects.create(name="Cleaning", duration=timedelta(hours=2), price=80)
    staff = []
    for number in range(ASKED["staff"]):
        user = User.objects.create(username=f"staff-{number}", email=f"staff-{number}@example.org", first_name="S")
        hours = {"lead_time": clock(8), "finish_time": clock(18), "appointment_buffer_time": 0, "slot_gap_time": 30}
        one = StaffMember.objects.create(user=user, slot_duration=30, **hours)
        one.services_offered.add(service)
        staff.append(one)
        WorkingHours.objects.bulk_create(
            WorkingHours(staff_member=one, day_of_week=day, start_time=clock(8), end_time=clock(18))
            for day in range(1, 6)
        )
    _book_two_a_day(service, staff, [day for day in days if day.weekday() < 5])
    return service, staff


def _book_two_a_day(service: Service, staff: list[StaffMember], days: list[date]) -> None:
    client = User.objects.create(username="client", email="client@example.org")
    requests = [
        AppointmentRequest(
            date=day,
            start_time=clock(hour),
            end_time=clock(hour + 2),
            service=service,
            staff_member=one,
            id_request=f"{number}-{day}-{hour}",
        )
        for number, one in enumerate(staff)
        for day in days
        for hour in (8 + number % 3, 13 + number % 4)
    ]
    made = AppointmentRequest.objects.bulk_create(requests, batch_size=2000)
    Appointment.objects.bulk_create(
        (
            Appointment(client=client, appointment_request=one, phone="+12125550123", id_request=one.id_request)
            for one in made
        ),
        batch_size=2000,
    )


def find(service: Service, staff: list[StaffMember], days: list[date]) -> int:
    """How many times are free, of everybody on every day."""
    browser, address, found = Client(), reverse("appointment:available_slots_ajax"), 0
    for one in staff:
        for day in days:
            wish = {"selected_date": day.isoformat(), "staff_member": one.pk, "service_id": service.pk}
            answer = browser.get(address, wish, headers={"x-requested-with": "XMLHttpRequest"})
            found += len(json.loads(answer.content).get("available_slots", []))
    return found


def book(service: Service, one: StaffMember, day: date) -> int | None:
    """The queries of the two requests by which somebody who is signed in books; None if nothing was booked."""
    browser = Client()
    booker: Any = User.objects.create_user("booker", "booker@example.org", "pw")
    browser.force_login(booker)
    before = Appointment.objects.count()
    with CaptureQueriesContext(connection) as queries:
        wish = {"date": day, "start_time": "11:00", "end_time": "13:00", "service": service.pk, "staff_member": one.pk}
        answer = browser.post(reverse("appointment:appointment_request_submit"), wish)
        about = {"name": "Robin Booker", "email": "booker@example.org", "address": "1 Street", "payment_type": "full"}
        phone = {"phone_0": "US", "phone_1": "2125550123"}
        browser.post(answer.headers.get("Location", "/"), about | phone)
    return len(queries) if Appointment.objects.count() > before else None


def postgres_seconds() -> float:
    """The processor's time that our connection's own process has used."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (number,) = cursor.fetchone()
    with open(f"/proc/{number}/stat") as stat:
        spent = stat.read().rpartition(")")[2].split()
    return (int(spent[11]) + int(spent[12])) / TICKS


def main() -> None:
    """Fill, find, book, and say what it took."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    first = date.fromisoformat(ASKED["first"])
    days = [first + timedelta(days=number) for number in range(ASKED["days"])]
    with transaction.atomic():
        service, staff = fill(days)
    with connection.cursor() as cursor:
        for model in (Appointment, AppointmentRequest, Service, StaffMember, WorkingHours):
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')  # not the tables that all databases share
    find(service, staff[:1], days[:1])
    with CaptureQueriesContext(connection) as queries:
        find(service, staff[:1], days)
    asked = len(queries)
    postgres, python, wall = postgres_seconds(), time.process_time(), time.perf_counter()
    found = find(service, staff, days)
    measured = {
        "queries": asked * len(staff),
        "python": time.process_time() - python,
        "postgres": postgres_seconds() - postgres,
        "wall": time.perf_counter() - wall,
        "found": found,
        "at": datetime.now().isoformat(),  # noqa: DTZ005 - for the reader of the log
    }
    try:
        measured["booking"] = book(service, staff[0], days[0])
    except Exception as trouble:
        measured["booking"], measured["booking_trouble"] = None, repr(trouble)
    print(json.dumps(measured))  # noqa: T201


if __name__ == "__main__":
    main()
