from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payouts', '0011_households_taken_over'),
    ]

    operations = [
        migrations.AlterField(
            model_name='entry',
            name='kind',
            field=models.CharField(choices=[('visit', 'visit'), ('capture', 'card payment'), ('outside', 'paid by check or in cash'), ('tip', 'tip'), ('fee', 'fee'), ('refund', 'refund'), ('payout', 'payout'), ('gift', 'gift card'), ('credit', 'credit spent'), ('referral', 'credit for an invitation'), ('between', 'time between visits'), ('full_week', 'over a full week'), ('long_day', 'a long day'), ('carried', 'household taken over'), ('left', 'a visit that was broken off'), ('reversal', 'correction')], max_length=20),
        ),
        migrations.AlterField(
            model_name='line',
            name='kind',
            field=models.CharField(choices=[('visit', 'visit'), ('tip', 'tip'), ('fee', 'fee for a visit that was off'), ('refund', 'given back to a client'), ('between', 'time between visits'), ('full_week', 'over a full week'), ('long_day', 'a long day'), ('left', 'a visit that was broken off'), ('correction', 'correction')], max_length=20),
        ),
        migrations.AlterField(
            model_name='supplement',
            name='kind',
            field=models.CharField(choices=[('between', 'time between visits'), ('full_week', 'over a full week'), ('long_day', 'a long day'), ('left', 'a visit that was broken off')], max_length=20),
        ),
    ]
