from django.db import migrations, models

import coop.typed.fields
from coop.typed.text import EMAIL, email_address


def spell(apps, schema_editor):
    for facts in apps.get_model('coop', 'ContactFacts').objects.exclude(email=''):
        facts.email = email_address(facts.email)
        facts.save(update_fields=['email'])


class Migration(migrations.Migration):

    dependencies = [
        ('coop', '0005_contact_facts'),
    ]

    operations = [
        migrations.RunPython(spell, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='contactfacts',
            name='email',
            field=coop.typed.fields.StoredEmailField(blank=True, max_length=254, verbose_name='e-mail'),
        ),
        migrations.AddConstraint(
            model_name='contactfacts',
            constraint=models.CheckConstraint(condition=models.Q(('email', ''), ('email__regex', EMAIL), _connector='OR'), name='the_address_of_the_coop_is_spelled_one_way'),
        ),
    ]
