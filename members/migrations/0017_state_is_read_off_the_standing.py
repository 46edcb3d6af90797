import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0016_standing_is_dated'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='member',
            name='whoever_leaves_holds_no_office',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='role',
            name='an_office_needs_good_standing',
        ),
        migrations.RemoveConstraint(
            model_name='member',
            name='only_former_members_have_left',
        ),
        migrations.RemoveConstraint(
            model_name='member',
            name='owners_have_joined',
        ),
        migrations.RemoveField(
            model_name='member',
            name='joined_on',
        ),
        migrations.RemoveField(
            model_name='member',
            name='left_on',
        ),
        migrations.RemoveField(
            model_name='member',
            name='state',
        ),
        migrations.AddField(
            model_name='role',
            name='leaves_on',
            field=models.DateField(null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='role',
            trigger=pgtrigger.compiler.Trigger(name='an_office_needs_good_standing', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF NEW.ended_at IS NULL AND NOT isempty(daterange(NEW.starts_on, least(\n  NEW.ends_on + 1, CASE WHEN NEW.leaves_on IS NOT NULL THEN greatest(NEW.leaves_on, NEW.starts_on) END))) THEN\n  PERFORM 1 FROM members_member m WHERE m.id = NEW.member_id FOR SHARE;\n  IF NOT EXISTS (SELECT FROM members_stretch s WHERE s.member_id = NEW.member_id\n                 AND s.days && daterange(NEW.starts_on, least(\n  NEW.ends_on + 1, CASE WHEN NEW.leaves_on IS NOT NULL THEN greatest(NEW.leaves_on, NEW.starts_on) END)) AND s.state IN ('member', 'on_leave', 'suspended', 'leaving'))\n     OR EXISTS (SELECT FROM members_stretch s WHERE s.member_id = NEW.member_id\n                AND s.days && daterange(NEW.starts_on, least(\n  NEW.ends_on + 1, CASE WHEN NEW.leaves_on IS NOT NULL THEN greatest(NEW.leaves_on, NEW.starts_on) END)) AND s.state = 'former') THEN\n    RAISE EXCEPTION 'an_office_needs_good_standing' USING ERRCODE = 'check_violation';\n  END IF;\nEND IF;\nRETURN NEW;\n", hash='97e45a2ed8c2aeeb496a52c27ec5fffc8dcb58c3', operation='INSERT OR UPDATE', pgid='pgtrigger_an_office_needs_good_standing_014db', table='members_role', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='standing',
            trigger=pgtrigger.compiler.Trigger(name='a_standing_is_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='d1c97ec0e08c1a491e7ce5bcf4409fada44e1271', operation='DELETE', pgid='pgtrigger_a_standing_is_never_deleted_d9c52', table='members_standing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='standing',
            trigger=pgtrigger.compiler.Trigger(name='a_standing_is_never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF NEW.decision <> '' OR (to_jsonb(NEW) - 'decision') IS DISTINCT FROM (to_jsonb(OLD) - 'decision') THEN\n  RAISE EXCEPTION 'a_standing_is_never_changed' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='1653e5b7607a090f52f097af38191c9303aae496', operation='UPDATE', pgid='pgtrigger_a_standing_is_never_changed_da9e9', table='members_standing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='standing',
            trigger=pgtrigger.compiler.Trigger(name='nobody_leaves_twice', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'former\' AND NEW."takes_back_id" IS NULL)', func="\nPERFORM 1 FROM members_member m WHERE m.id = NEW.member_id FOR NO KEY UPDATE;\nIF 'former' = (\n    SELECT s.state FROM members_stretch s WHERE s.member_id = NEW.member_id ORDER BY s.days DESC LIMIT 1) THEN\n  RAISE EXCEPTION 'nobody_leaves_twice' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='e103db5d8d4b1947190c2b1c50d5944f662b1d8b', operation='INSERT', pgid='pgtrigger_nobody_leaves_twice_7b09a', table='members_standing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='standing',
            trigger=pgtrigger.compiler.Trigger(name='whoever_leaves_holds_no_office', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" = \'former\' AND NEW."takes_back_id" IS NULL)', func="\nIF EXISTS (SELECT FROM members_role r WHERE r.member_id = NEW.member_id AND r.ended_at IS NULL\n           AND (r.ends_on IS NULL OR r.ends_on >= NEW.starts_on)\n           AND (r.leaves_on IS NULL OR r.leaves_on > NEW.starts_on)) THEN\n  RAISE EXCEPTION 'whoever_leaves_holds_no_office' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='0e655dbd83491f04aae8b0d132ec04d4af20926e', operation='INSERT', pgid='pgtrigger_whoever_leaves_holds_no_office_57d66', table='members_standing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='standing',
            trigger=pgtrigger.compiler.Trigger(name='only_what_has_not_begun_is_taken_back', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."takes_back_id" IS NOT NULL)', func="\nIF NOT EXISTS (SELECT FROM members_standing s WHERE s.id = NEW.takes_back_id AND s.member_id = NEW.member_id\n               AND s.state = NEW.state AND s.starts_on = NEW.starts_on AND s.takes_back_id IS NULL\n               AND s.starts_on >= NEW.decided_at::date) THEN\n  RAISE EXCEPTION 'only_what_has_not_begun_is_taken_back' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='9e64b8d62631750c574ba92bb3a35df172ef5ec5', operation='INSERT', pgid='pgtrigger_only_what_has_not_begun_is_taken_back_e31f3', table='members_standing', when='BEFORE')),
        ),
    ]
