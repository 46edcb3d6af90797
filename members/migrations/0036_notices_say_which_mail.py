from django.db import migrations, models

NAMED = "UPDATE members_notice SET mail = left(split_part(split_part(key, ':', 1), '#', 1), 40)"
"""Most keys begin with it; a message of which it is not known is for the person alone."""


class Migration(migrations.Migration):

    dependencies = [
        ("members", "0035_founders_are_invited_by_text"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="mail",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
    ]
