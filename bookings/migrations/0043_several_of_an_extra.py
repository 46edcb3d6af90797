import django.db.models.deletion
from django.db import migrations, models

SEVERAL = {"cabinet": 10, "bookshelf": 6, "windows": 20, "laundry": 6}
"""How many can be asked for at once of what the catalogue began with."""


def let_have_several(apps, schema_editor):
    AddOn = apps.get_model("bookings", "AddOn")
    for code, most in SEVERAL.items():
        AddOn.objects.filter(code=code).update(most=most)


def extra_of(name, noun):
    """The table that stood between a quote or a booking and its extras, under a name of its own."""
    return migrations.CreateModel(
        name=name,
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "addon",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bookings.addon"
                ),
            ),
            (
                noun,
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="extras", to=f"bookings.{noun}"
                ),
            ),
        ],
        options={
            "verbose_name": f"extra of a {noun}",
            "db_table": f"bookings_{noun}_add_ons",
            "abstract": False,
            "unique_together": {(noun, "addon")},
        },
    )


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0042_what_holds_from_a_day_on'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                extra_of("BookingExtra", "booking"),
                extra_of("QuoteExtra", "quote"),
                migrations.AlterField(
                    model_name='booking',
                    name='add_ons',
                    field=models.ManyToManyField(related_name='+', through='bookings.BookingExtra', to='bookings.addon'),
                ),
                migrations.AlterField(
                    model_name='quote',
                    name='add_ons',
                    field=models.ManyToManyField(related_name='+', through='bookings.QuoteExtra', to='bookings.addon'),
                ),
            ]
        ),
        migrations.AddField(
            model_name='bookingextra',
            name='quantity',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='quoteextra',
            name='quantity',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='addon',
            name='most',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name='addon',
            constraint=models.CheckConstraint(condition=models.Q(('most__gte', 1)), name='an_extra_can_be_had'),
        ),
        migrations.AddConstraint(
            model_name='bookingextra',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='a_bookingextra_is_wanted'),
        ),
        migrations.AddConstraint(
            model_name='quoteextra',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='a_quoteextra_is_wanted'),
        ),
        migrations.RunPython(let_have_several, migrations.RunPython.noop),
    ]
