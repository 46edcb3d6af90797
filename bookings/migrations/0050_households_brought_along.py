from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0049_changes_of_areas'),
    ]

    operations = [
        migrations.AddField(
            model_name='client',
            name='imported_at',
            field=models.DateTimeField(null=True),
        ),
    ]
