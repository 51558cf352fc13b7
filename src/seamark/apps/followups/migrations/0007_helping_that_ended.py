from django.db import migrations

_END = """
DELETE FROM inbox_helpingteam helping
WHERE NOT EXISTS (SELECT 1 FROM inbox_conversation WHERE contact_id = helping.contact_id AND state <> 'done')
    AND NOT EXISTS (
        SELECT 1 FROM followups_followup
        WHERE contact_id = helping.contact_id AND for_team_id = helping.team_id AND state = 'open')
    AND NOT EXISTS (
        SELECT 1 FROM followups_alert alert LEFT JOIN followups_followup late ON late.id = alert.follow_up_id
        WHERE alert.contact_id = helping.contact_id AND alert.team_id = helping.team_id AND handled_at IS NULL
            AND coalesce(late.state, 'open') = 'open')
"""


class Migration(migrations.Migration):
    """The help of teams that had nothing left to do when it did not end yet."""

    dependencies = [
        ("followups", "0006_teams_that_help"),
        ("inbox", "0005_helping_teams"),
    ]

    operations = [migrations.RunSQL(_END, migrations.RunSQL.noop)]
