"""What was written to somebody and they have not opened, among what is new."""

from datetime import datetime

from django.utils.translation import gettext as _

from members.announcements.announcements import Addressee
from members.news.sources import NewsItem, Source, register
from members.people.users import User


def say(user: User, since: datetime, until: datetime) -> list[NewsItem]:
    rows = Addressee.objects.unread(user.membership).filter(  # type: ignore[arg-type]
        announcement__sent_at__gt=since, announcement__sent_at__lte=until
    )
    return [
        NewsItem(
            one.announcement.sent_at, _("Announcement: %s") % one.announcement, one.announcement.get_absolute_url()
        )
        for one in rows.select_related("announcement")
    ]


register("announcements", Source(say))
