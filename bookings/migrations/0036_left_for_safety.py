import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0035_claimed_households'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='incident',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4),
        ),
        migrations.RunSQL(
            'UPDATE bookings_incident SET uuid = gen_random_uuid()',  # the default gave all rows one number
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name='shift',
            name='state',
            field=models.CharField(choices=[('held', 'kept'), ('open', 'open'), ('offered', 'offered'), ('accepted', 'accepted'), ('started', 'under way'), ('done', 'done'), ('cancelled', 'cancelled'), ('missed', 'did not come'), ('left', 'left for safety')], max_length=20),
        ),
        migrations.AlterField(
            model_name='visit',
            name='state',
            field=models.CharField(choices=[('scheduled', 'planned'), ('started', 'under way'), ('completed', 'done'), ('cancelled', 'cancelled'), ('missed', 'missed'), ('turned_away', 'nobody opened'), ('broken_off', 'broken off')], default='scheduled', max_length=20),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.UniqueConstraint(fields=('uuid',), name='a_report_is_kept_once'),
        ),
    ]
