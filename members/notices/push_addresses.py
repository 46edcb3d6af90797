"""Where the browsers of a person receive messages."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from coop.sending.delivery import Later
from members.notices import push
from members.people.users import User


class PushAddress(models.Model):
    """One browser that shows messages to one person. The keys are the browser's: nobody else can read what we send."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="push_addresses")
    endpoint = models.CharField(max_length=600, unique=True)
    key = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("browser that shows messages")

    def __str__(self) -> str:
        return f"{self.user_id}"

    @classmethod
    def keep(cls, user: User, *, endpoint: str, key: str, auth: str, at: datetime) -> None:
        """This browser belongs to whoever signed in there last."""
        facts = {"user": user, "key": key, "auth": auth, "made_at": at}
        cls.objects.update_or_create(endpoint=endpoint, defaults=facts)

    @classmethod
    def notify(cls, user: User, *, title: str, link: str, at: datetime) -> int:
        """Show a message in every browser of a person, and say in how many.

        Those that are gone are forgotten. Raises Later if it went to none, and to some it may go later.
        """
        told, trouble = 0, None
        for address in cls.objects.filter(user=user).order_by("pk"):
            try:
                push.send(address.endpoint, key=address.key, auth=address.auth, title=title, link=link, at=at)
                told += 1
            except push.Gone:
                address.delete()
            except Later as found:
                trouble = found
        if trouble and not told:
            raise trouble
        return told
