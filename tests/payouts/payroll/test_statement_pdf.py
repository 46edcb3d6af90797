"""A statement on paper: the fields of a notice of pay, for whoever it is about."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from members.models import Member
from payouts.models import PayRun
from tests import make
from tests.browsers import Browser
from tests.paper import text_of
from tests.payouts.stage import NOW, done_visit

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=8)


def on_paper(member: Member, run: PayRun) -> str:
    browser = Browser()
    browser.force_login(member.user)
    answer = browser.get(reverse("statement_pdf", args=[run.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return text_of(answer.content)


def approved(tess: Member) -> PayRun:
    done_visit()
    run = PayRun.draft(ends_on=date(2026, 3, 15), at=LATER, by=tess.user)
    run.approve(at=LATER, by=make.member("Bea Board", hours=None, roles=["board"]).user)
    return run


def test_it_says_who_pays_whom_for_which_hours_and_what_is_taken_off(ana: Member, tess: Member) -> None:
    said = on_paper(ana, approved(tess))
    assert said == (
        "Sunrise Home Co-op Statement of pay Name Ana Reyes Period March 1, 2026 to March 15, 2026 "
        "How you are paid owner's draw Hours 3.5 hours An hour, without tips $38.00 "
        "What it is made of Visits $133.00 Pay before tips and deductions $133.00 Tips, all yours $0.00 "
        "To be paid $133.00 Deductions: none. No tax was taken off; you pay it yourself. "
        "Line by line Day What for Time Pay Mar 12, 2026 visit 3.5 hours $133.00"
    )


def test_of_wages_it_says_that_the_firm_takes_off_tax(ana: Member, tess: Member) -> None:
    make.pay_kind("wages", member=ana)
    said = on_paper(ana, approved(tess))
    assert "The payroll firm takes off tax and pays this" in said
    assert "Deductions: none" not in said
