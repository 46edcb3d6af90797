"""What the law says was a rule that a vote could change; a co-op that works keeps the values it had, as rows."""

from django.db import migrations
from django.db.models import Min

RULES = {"payouts.minimum_wage": ("all", 1700), "payouts.aide_minimum": ("care", 1965)}
"""By the key of the rule: the work that it was about, and what held where nobody had voted."""
CITATION = "carried over from the rules"


def carry_over(apps, schema_editor):
    first = apps.get_model("members", "Member").objects.aggregate(day=Min("started_on"))["day"]
    if first is None:
        return
    LeastWage, Amendment = apps.get_model("bookings", "LeastWage"), apps.get_model("coop", "Amendment")
    for policy, (work, cents) in RULES.items():
        voted = Amendment.objects.filter(policy=policy).order_by("effective_on", "pk")
        values = [(first, cents), *((row.effective_on, row.numerator // row.denominator) for row in voted)]
        LeastWage.objects.bulk_create(
            LeastWage(work=work, cents_per_hour=value, effective_on=day, citation=CITATION) for day, value in values
        )


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0047_least_wages_by_law'),
        ('coop', '0008_areas_served_or_known'),
        ('members', '0023_changed_addresses_are_spelled_one_way'),
    ]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
