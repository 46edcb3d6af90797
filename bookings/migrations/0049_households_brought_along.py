from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0048_least_wages_were_rules'),
    ]

    operations = [
        migrations.AddField(
            model_name='client',
            name='imported_at',
            field=models.DateTimeField(null=True),
        ),
    ]
