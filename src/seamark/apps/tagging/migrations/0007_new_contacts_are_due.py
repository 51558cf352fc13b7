"""A contact that nothing has happened to yet is due for its first verdict at once."""

from django.db import migrations

FOLLOW = """
CREATE OR REPLACE FUNCTION tagging_follow_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO tagging_standing (contact_id, team_id, owner_id, tags, since, recheck_at)
            VALUES (NEW.id, NEW.team_id, NEW.owner_id, '{}', '{}', %s);
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' THEN
        UPDATE tagging_standing SET team_id = NEW.team_id, owner_id = NEW.owner_id WHERE contact_id = NEW.id;
        RETURN NEW;
    END IF;
    DELETE FROM tagging_standing WHERE contact_id = OLD.id;
    RETURN OLD;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("tagging", "0006_comparisons")]

    operations = [
        migrations.RunSQL(
            FOLLOW.replace("%s", "(SELECT now() FROM tagging_version WHERE state = 'live')"),
            FOLLOW.replace("%s", "NULL"),
        )
    ]
