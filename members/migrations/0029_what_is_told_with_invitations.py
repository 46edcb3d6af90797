from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0028_agreements_by_version'),
    ]

    operations = [
        migrations.AddField(
            model_name='founderinvitation',
            name='told',
            field=models.JSONField(default=dict),
        ),
    ]
