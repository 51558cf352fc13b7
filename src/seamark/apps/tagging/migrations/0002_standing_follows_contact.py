"""Every contact has a standing from the start, and it knows the contact's team and owner; the database sees to it."""

import django.db.models.deletion
import django.db.models.functions.comparison
from datetime import UTC, datetime
from django.conf import settings
from django.db import migrations, models

FILL = """
INSERT INTO tagging_standing (contact_id, tags, since)
    SELECT id, '{}', '{}' FROM contacts_contact ON CONFLICT DO NOTHING;
UPDATE tagging_standing SET team_id = contact.team_id, owner_id = contact.owner_id
    FROM contacts_contact contact WHERE contact.id = contact_id;
"""

FOLLOW = """
CREATE FUNCTION tagging_follow_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO tagging_standing (contact_id, team_id, owner_id, tags, since)
            VALUES (NEW.id, NEW.team_id, NEW.owner_id, '{}', '{}');
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' THEN
        UPDATE tagging_standing SET team_id = NEW.team_id, owner_id = NEW.owner_id WHERE contact_id = NEW.id;
        RETURN NEW;
    END IF;
    DELETE FROM tagging_standing WHERE contact_id = OLD.id;
    RETURN OLD;
END $$;
CREATE TRIGGER contact_made AFTER INSERT ON contacts_contact
    FOR EACH ROW EXECUTE FUNCTION tagging_follow_contact();
CREATE TRIGGER contact_moved AFTER UPDATE ON contacts_contact
    FOR EACH ROW WHEN ((OLD.team_id, OLD.owner_id) IS DISTINCT FROM (NEW.team_id, NEW.owner_id))
    EXECUTE FUNCTION tagging_follow_contact();
CREATE TRIGGER contact_gone BEFORE DELETE ON contacts_contact
    FOR EACH ROW EXECUTE FUNCTION tagging_follow_contact();
"""

UNFOLLOW = """
DROP TRIGGER contact_made ON contacts_contact;
DROP TRIGGER contact_moved ON contacts_contact;
DROP TRIGGER contact_gone ON contacts_contact;
DROP FUNCTION tagging_follow_contact;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("contacts", "0001_initial"),
        ("tagging", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="standing",
            name="team",
            field=models.ForeignKey(
                null=True, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.team"
            ),
        ),
        migrations.AddField(
            model_name="standing",
            name="owner",
            field=models.ForeignKey(
                null=True, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL([FILL, "SET CONSTRAINTS ALL IMMEDIATE"], migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="standing",
            name="team",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.team"
            ),
        ),
        migrations.AddField(
            model_name="standing",
            name="recency",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce(
                    "last_event_at", models.Value(datetime(1970, 1, 1, tzinfo=UTC))
                ),
                output_field=models.DateTimeField(),
            ),
        ),
        migrations.RemoveIndex(model_name="standing", name="standing_recent"),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                fields=["-recency", "-contact"], include=["tags", "team", "owner"], name="standing_recent"
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                fields=["team", "-recency", "-contact"], include=["tags", "owner"], name="standing_of_team"
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                fields=["owner", "-recency", "-contact"], include=["tags", "team"], name="standing_of_owner"
            ),
        ),
        migrations.RunSQL([FOLLOW], [UNFOLLOW]),
    ]
