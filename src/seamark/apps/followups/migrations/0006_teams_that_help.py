from django.db import migrations

_TOLD = """
INSERT INTO inbox_helpingteam (contact_id, team_id, since_at)
SELECT contact_id, team_id, min(made_at) FROM (
    SELECT contact_id, for_team_id AS team_id, made_at FROM followups_followup WHERE for_team_id IS NOT NULL
    UNION ALL
    SELECT contact_id, team_id, made_at FROM followups_alert WHERE audience = 'team' AND team_id IS NOT NULL
) told GROUP BY contact_id, team_id
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    """Teams that were told before `let_help` kept which."""

    dependencies = [
        ("followups", "0005_for_teams_closed_too"),
        ("inbox", "0005_helping_teams"),
    ]

    operations = [migrations.RunSQL(_TOLD, migrations.RunSQL.noop)]
