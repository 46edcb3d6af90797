"""Other shares hold where nobody voted yet; a co-op in which people work keeps those it had, until it votes."""

from django.db import migrations
from django.db.models import Min
from django.utils import timezone

HUNDREDTHS = {"worker": 95, "operations": 3, "reserve": 1, "upkeep": 1}


def keep(apps, schema_editor):
    first = apps.get_model("members", "Member").objects.aggregate(day=Min("started_on"))["day"]
    if first is None:
        return
    Amendment, now = apps.get_model("coop", "Amendment"), timezone.now()
    Amendment.objects.bulk_create(
        Amendment(
            policy=f"bookings.{name}_share",
            numerator=share,
            denominator=100,
            effective_on=first,
            enacted_at=now,
            source="as it was before the shares of a new co-op changed",
        )
        for name, share in HUNDREDTHS.items()
    )


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0045_certificates_that_services_need'),
        ('coop', '0008_areas_served_or_known'),
        ('members', '0023_changed_addresses_are_spelled_one_way'),
    ]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
