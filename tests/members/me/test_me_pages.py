"""The pages on which people look after themselves."""

from datetime import date, time

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from coop.models import Event
from members.models import Leave, Member, OtherHours, User
from members.people.spans import Span
from tests import make
from tests.browsers import Browser as Client

pytestmark = pytest.mark.django_db
HALVES = {f"{edge}_{weekday}_{slot}": "" for edge in ("from", "to") for weekday in range(7) for slot in range(3)}


def said(client: Client, **words: str) -> dict[str, str]:
    return {"name": "Ana Reyes", "language": "en", "phone": "", "zip": "11215", "hours": "24"} | words


def save_week(client: Client, member: Member, **times: str) -> int:
    client.force_login(member.user)
    return client.post(reverse("change_availability"), HALVES | times).status_code


def test_a_member_puts_their_details_right(client: Client, ana: Member) -> None:
    make.zip_code("11217")
    client.force_login(ana.user)
    words = said(client, name="Ana R. Paz", language="es", phone="(718) 555-0134", zip="11217", hours="30")
    client.post(reverse("me"), words)
    ana = Member.objects.get(pk=ana.pk)
    assert (ana.user.name, ana.user.language, str(ana.phone), ana.zip_id, ana.minutes_wanted) == (
        "Ana R. Paz",
        "es",
        "+17185550134",
        "11217",
        1800,
    )


def test_a_change_of_hours_wanted_can_be_read_by_others(client: Client, ana: Member) -> None:
    client.force_login(ana.user)
    client.post(reverse("me"), said(client, hours="30"))
    client.post(reverse("me"), said(client, hours="30"))
    changes = Event.objects.about(ana).filter(verb="ask_for")
    assert [(event.actor, event.note) for event in changes] == [(ana.user, "24 h → 30 h")]


@pytest.mark.parametrize("wrong", [{"zip": "00000"}, {"hours": "-1"}, {"hours": "61"}, {"phone": "12"}, {"name": " "}])
def test_a_wrong_detail_is_told_and_nothing_is_kept(client: Client, ana: Member, wrong: dict[str, str]) -> None:
    client.force_login(ana.user)
    page = client.post(reverse("me"), said(client, name="Somebody Else") | wrong)
    ana.user.refresh_from_db()
    assert (page.status_code, b'aria-invalid="true"' in page.content, ana.user.name) == (200, True, "Ana Reyes")


def test_a_client_says_their_name_and_language(client: Client, lee: User) -> None:
    client.force_login(lee)
    answer = client.post(reverse("me"), {"name": "Jo Lee", "language": "es"})
    lee.refresh_from_db()
    assert (answer.status_code, lee.name, lee.language) == (302, "Jo Lee", "es")


def test_a_member_works_several_spans_of_a_day(client: Client, ana: Member) -> None:
    answer = save_week(
        client,
        ana,
        from_0_0="08:00",
        to_0_0="12:00",
        from_0_1="13:30",
        to_0_1="18:15",
        from_5_2="09:00",
        to_5_2="10:00",
    )
    week = {weekday: spans for weekday, spans in ana.week().items() if spans}
    assert (answer, week) == (
        302,
        {0: [Span(0, time(8), time(12)), Span(0, time(13, 30), time(18, 15))], 5: [Span(5, time(9), time(10))]},
    )


def test_weeks_that_alternate_may_overlap_in_the_form_but_not_in_life(client: Client, ana: Member) -> None:
    spans = {"from_0_0": "08:00", "to_0_0": "14:00", "from_0_1": "12:00", "to_0_1": "18:00"}
    answers = [
        save_week(client, ana, **spans, weeks_0_0="a", weeks_0_1=weeks) for weeks in ("a", "every", "sometimes", "b")
    ]
    assert answers == [200, 200, 200, 302]
    assert ana.week()[0] == [Span(0, time(8), time(14), "a"), Span(0, time(12), time(18), "b")]
    assert "A weeks" in client.get(reverse("me")).content.decode()


def test_a_member_says_whether_holidays_are_days_like_others(client: Client, ana: Member) -> None:
    said = []
    for sent in ({}, {"holidays": "on"}):
        save_week(client, ana, **sent)
        ana.refresh_from_db()
        said.append(ana.works_on_holidays)
    assert said == [False, True]


def test_a_member_works_other_hours_on_one_day_and_then_as_usual_after_all(client: Client, ana: Member) -> None:
    client.force_login(ana.user)
    hours = {"from_day_0": "09:00", "to_day_0": "10:00", "from_day_2": "12:00", "to_day_2": "13:00"}
    for sent in ({}, hours, hours):
        client.post(reverse("work_otherwise"), {"day": "2099-07-01"} | sent)
    said = [(row.day, row.starts, row.ends) for row in ana.other_hours.ahead(date(2099, 1, 1))]
    day = date(2099, 7, 1)
    assert said == [(day, time(9), time(10)), (day, time(12), time(13))]
    client.post(reverse("work_as_usual", args=[ana.other_hours.first().pk]))
    assert ana.other_hours.count() == 0


def test_no_work_on_one_day_is_shown_as_that(client: Client, ana: Member) -> None:
    client.force_login(ana.user)
    client.post(reverse("work_otherwise"), {"day": "2099-07-01"})
    assert "no work" in client.get(reverse("me")).content.decode()
    assert [(row.starts, row.ends) for row in ana.other_hours.all()] == [(None, None)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": ""},
        {"day": "2001-07-01"},
        {"day": "soon"},
        {"from_day_0": "09:00"},
        {"from_day_0": "09:00", "to_day_0": "09:00"},
        {"from_day_0": "09:10", "to_day_0": "10:00"},
        {"day": "2099-08-01", "from_day_0": "09:00", "to_day_0": "10:00"},
    ],
)
def test_a_day_that_cannot_be_is_told(client: Client, ana: Member, wrong: dict[str, str]) -> None:
    Leave.objects.create(member=ana, starts_on=date(2099, 8, 1), ends_on=date(2099, 8, 1))
    client.force_login(ana.user)
    page = client.post(reverse("work_otherwise"), {"day": "2099-07-01"} | wrong)
    assert (page.status_code, b'aria-invalid="true"' in page.content, ana.other_hours.count()) == (200, True, 0)


def test_nobody_touches_the_days_of_another(client: Client, ana: Member, bo: Member) -> None:
    ana.work_otherwise(date(2099, 7, 1), [], today=date(2026, 1, 1))
    client.force_login(bo.user)
    answer = client.post(reverse("work_as_usual", args=[OtherHours.objects.get().pk]))
    assert (answer.status_code, ana.other_hours.count()) == (404, 1)


def test_a_member_says_where_they_take_work(client: Client, ana: Member) -> None:
    make.zip_code("10027")
    client.force_login(ana.user)
    found = []
    for areas in ("112, 10027 112", "606", "1121567", "Brooklyn", ""):
        client.post(reverse("me"), said(client, areas=areas))
        ana.refresh_from_db()
        found.append(ana.areas)
    assert found == [["112", "10027"]] * 4 + [[]]


def test_an_empty_week_is_a_week_without_work(client: Client, ana: Member) -> None:
    save_week(client, ana)
    assert not any(ana.week().values())


@pytest.mark.parametrize(
    "times",
    [
        {"from_0_0": "08:00"},
        {"to_0_0": "08:00"},
        {"from_0_0": "12:00", "to_0_0": "08:00"},
        {"from_0_0": "08:00", "to_0_0": "08:00"},
        {"from_0_0": "08:00", "to_0_0": "12:00", "from_0_1": "11:45", "to_0_1": "13:00"},
        {"from_0_0": "08:05", "to_0_0": "12:00"},
        {"from_0_0": "morning", "to_0_0": "12:00"},
        {"from_0_0": "25:00", "to_0_0": "26:00"},
    ],
)
def test_a_week_that_cannot_be_is_told_and_the_old_stays(client: Client, ana: Member, times: dict[str, str]) -> None:
    before = ana.week()
    assert (save_week(client, ana, **times), ana.week() == before) == (200, True)


def test_what_was_typed_is_not_lost(client: Client, ana: Member) -> None:
    client.force_login(ana.user)
    page = client.post(reverse("change_availability"), HALVES | {"from_0_0": "07:15", "to_0_0": "06:00"})
    assert b'value="07:15"' in page.content


def test_a_member_takes_days_off_and_gives_them_back(client: Client, ana: Member) -> None:
    client.force_login(ana.user)
    client.post(reverse("take_leave"), {"starts_on": "2099-07-01", "ends_on": "2099-07-14"})
    leave = Leave.objects.get(member=ana)
    taken = (leave.starts_on, leave.ends_on)
    client.post(reverse("give_back_leave", args=[leave.pk]))
    assert (taken, ana.leaves.count()) == ((date(2099, 7, 1), date(2099, 7, 14)), 0)


@pytest.mark.parametrize(
    ("first", "last"), [("2099-07-02", "2099-07-01"), ("2001-07-01", "2001-07-02"), ("soon", "2099-07-01"), ("", "")]
)
def test_days_off_that_cannot_be_are_told(client: Client, ana: Member, first: str, last: str) -> None:
    client.force_login(ana.user)
    page = client.post(reverse("take_leave"), {"starts_on": first, "ends_on": last})
    assert (page.status_code, ana.leaves.count()) == (200, 0)


def test_nobody_touches_the_days_off_of_another(client: Client, ana: Member, bo: Member) -> None:
    leave = Leave.objects.create(member=ana, starts_on=date(2099, 7, 1), ends_on=date(2099, 7, 2))
    client.force_login(bo.user)
    answer = client.post(reverse("give_back_leave", args=[leave.pk]))
    assert (answer.status_code, ana.leaves.count()) == (404, 1)


@pytest.mark.parametrize("name", ["change_availability", "take_leave"])
def test_a_client_has_no_working_week(client: Client, lee: User, name: str) -> None:
    client.force_login(lee)
    assert client.get(reverse(name)).status_code == 404


@pytest.mark.parametrize("name", ["me", "change_availability", "take_leave"])
def test_a_visitor_is_asked_to_sign_in(client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer["Location"] == f"{reverse('account_login')}?next={reverse(name)}"


def test_the_page_shows_what_a_member_may_do(client: Client) -> None:
    member = make.member("Mina Park", roles=["safety"])
    make.credential(member, "hha", expires_on=date(2099, 1, 1))
    make.credential(member, "cpr", expires_on=date(2026, 3, 3))
    client.force_login(member.user)
    page = client.get(reverse("me")).content.decode()
    shown = [words in page for words in ("safety", "HHA", "until Jan 1, 2099", "CPR", "expired")]
    assert shown == [True] * 5


def test_saving_says_so_in_the_new_language(client: Client, lee: User) -> None:
    client.force_login(lee)
    answer = client.post(reverse("me"), {"name": "Jo Lee", "language": "es"})
    assert (len(list(get_messages(answer.wsgi_request))), answer.cookies["django_language"].value) == (1, "es")
