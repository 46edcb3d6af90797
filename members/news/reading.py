"""Until when somebody has read what is new."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.news.sources import NewsItem, items
from members.people.members import Member
from members.people.users import User

AT_FIRST = timedelta(days=30)
"""How far back news goes for whoever has marked nothing as read yet."""


class NewsRead(models.Model):
    """The moment until which a member has read what is new; who has no row has read nothing yet."""

    member = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("news that were read")

    def __str__(self) -> str:
        return f"{self.member_id}: {self.until}"

    @classmethod
    def mark(cls, member: Member, *, until: datetime, at: datetime) -> None:
        """What came up to `until` is read: never ahead of the clock, and never going back."""
        until = min(until, at)
        row, is_new = cls.objects.get_or_create(member=member, defaults={"until": until})
        if not is_new:
            cls.objects.filter(pk=row.pk, until__lt=until).update(until=until)


def unread(user: User, *, at: datetime) -> list[NewsItem]:
    """What is new for somebody since they last said that they had read it, the latest first."""
    member = user.membership
    if member is None or not user.works:
        return []
    read = NewsRead.objects.filter(member=member).values_list("until", flat=True).first()
    return items(user, since=read or at - AT_FIRST, until=at)
