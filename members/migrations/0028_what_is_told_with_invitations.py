from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0027_a_new_way_into_an_account'),
    ]

    operations = [
        migrations.AddField(
            model_name='founderinvitation',
            name='told',
            field=models.JSONField(default=dict),
        ),
    ]
