from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0039_invitations_make_no_account")]

    operations = [
        migrations.AddIndex(
            model_name="turn",
            index=models.Index(fields=["decided_at"], name="turns_by_decision"),
        ),
    ]
