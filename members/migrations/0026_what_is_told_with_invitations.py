from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0025_announcements_and_news'),
    ]

    operations = [
        migrations.AddField(
            model_name='founderinvitation',
            name='told',
            field=models.JSONField(default=dict),
        ),
    ]
