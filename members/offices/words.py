"""What each office is for, in words for people."""

from django.utils.translation import gettext_lazy

from members.offices.roles import Role

OFFICES = [
    (Role.Kind.COORDINATOR, gettext_lazy("Coordinator: looks after bookings, clients and who comes")),
    (Role.Kind.TREASURER, gettext_lazy("Treasurer: looks after money, and drafts what is paid")),
    (Role.Kind.BOARD, gettext_lazy("Board: is the second person for pay, and speaks for the co-op")),
    (Role.Kind.MEMBERSHIP, gettext_lazy("Membership: looks after who works here and what they can do")),
    (Role.Kind.SAFETY, gettext_lazy("Safety: is told when something is wrong at a home")),
    (Role.Kind.MENTOR, gettext_lazy("Mentor: goes along with newcomers")),
    (Role.Kind.ELECTIONS, gettext_lazy("Elections: looks after votes")),
]
"""The offices with what each is for."""
