"""Who writes to members, who answers, and who takes back what was sent."""

from rules.permissions import add_perm
from rules.predicates import predicate

from members.announcements.announcements import Addressee, Announcement
from members.offices.bundles import has_bundle
from members.people.users import User
from members.rules import holds, is_member


@predicate  # type: ignore[untyped-decorator]
def went_to(user: User, announcement: Announcement | None) -> bool:
    """Did it go to them?"""
    return Addressee.objects.filter(announcement=announcement, member__user=user).exists()


@predicate  # type: ignore[untyped-decorator]
def wrote_it(user: User, announcement: Announcement | None) -> bool:
    """Did they write it?"""
    return announcement is not None and announcement.author_id == user.pk


writes = has_bundle("announcements")

add_perm("members.read_announcements", is_member)
add_perm("members.send_announcement", writes)
add_perm("members.answer_announcement", is_member & went_to)
add_perm("members.take_back_announcement", writes & (wrote_it | holds("board")))
