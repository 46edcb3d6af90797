"""A co-op that pays its members already goes on as it does: in full, without taking off tax, by its pay runs."""

from django.db import migrations
from django.db.models import Min
from django.utils import timezone


def keep(apps, schema_editor):
    first = apps.get_model("members", "Member").objects.aggregate(day=Min("started_on"))["day"]
    if first is not None:
        apps.get_model("payouts", "PayKind").objects.create(kind="draw", starts_on=first, said_at=timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ('payouts', '0013_how_members_are_paid'),
        ('members', '0023_changed_addresses_are_spelled_one_way'),
    ]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
