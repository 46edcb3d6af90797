"""How something is paid goes by the day of the work, and wages are never paid without tax."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

WORKED_ON = """
CREATE FUNCTION payouts_worked_on(entry bigint) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT COALESCE(
        s.day,
        CASE WHEN o.kind IN ('tip', 'refund') THEN (
            SELECT min(w.effective_on) FROM payouts_entry w
            WHERE w.visit_id = o.visit_id AND w.kind IN ('visit', 'fee')) END,
        o.effective_on)
    FROM payouts_entry e JOIN payouts_entry o ON o.id = COALESCE(e.reverses_id, e.id)
    LEFT JOIN payouts_supplement s ON s.entry_id = o.id
    WHERE e.id = entry
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('payouts', '0014_members_are_paid_as_before'),
    ]

    operations = [
        migrations.RunSQL(WORKED_ON, 'DROP FUNCTION payouts_worked_on(bigint)'),
        pgtrigger.migrations.RemoveTrigger(
            model_name='paykind',
            name='what_is_in_a_pay_run_keeps_its_kind',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='line',
            trigger=pgtrigger.compiler.Trigger(name='wages_are_never_paid_without_tax', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF EXISTS (\n    SELECT FROM payouts_payout p, payouts_transfer t, payouts_worked_on(t.entry_id) AS worked_on\n    WHERE p.id = NEW.payout_id AND NOT p.through_firm AND t.id = NEW.transfer_id AND 'wages' = COALESCE(\n        (SELECT k.kind FROM payouts_paykind k WHERE k.member_id = p.member_id AND k.starts_on <= worked_on\n         ORDER BY k.starts_on DESC, k.id DESC LIMIT 1),\n        (SELECT min(k.kind) FROM payouts_paykind k WHERE k.member_id IS NULL HAVING bool_and(k.kind = 'wages')))\n) THEN\n  RAISE EXCEPTION 'wages_are_never_paid_without_tax' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='61da972c693e9196cc6bf7ad0e3d674a1d75a99a', operation='INSERT', pgid='pgtrigger_wages_are_never_paid_without_tax_2da71', table='payouts_line', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paykind',
            trigger=pgtrigger.compiler.Trigger(name='what_is_in_a_pay_run_keeps_its_kind', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."member_id" IS NOT NULL)', func="\nIF EXISTS (SELECT FROM payouts_line l JOIN payouts_payout p ON p.id = l.payout_id\n           JOIN payouts_transfer t ON t.id = l.transfer_id\n           WHERE p.member_id = NEW.member_id AND payouts_worked_on(t.entry_id) >= NEW.starts_on) THEN\n  RAISE EXCEPTION 'what_is_in_a_pay_run_keeps_its_kind' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='981095a9de6f86b426d73f9269a9c55938c2b78b', operation='INSERT', pgid='pgtrigger_what_is_in_a_pay_run_keeps_its_kind_c5bf6', table='payouts_paykind', when='BEFORE')),
        ),
    ]
