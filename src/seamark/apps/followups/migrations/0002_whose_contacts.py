"""Follow-ups and alerts know whose their contact is; the database sees to it. Lists find them by that, in order."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FILL = """
UPDATE followups_followup SET team_id = contact.team_id, owner_id = contact.owner_id
    FROM contacts_contact contact WHERE contact.id = contact_id;
UPDATE followups_alert SET contact_team_id = contact.team_id, contact_owner_id = contact.owner_id
    FROM contacts_contact contact WHERE contact.id = contact_id;
"""

FOLLOW = """
CREATE FUNCTION followups_know_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT team_id, owner_id INTO NEW.team_id, NEW.owner_id FROM contacts_contact WHERE id = NEW.contact_id;
    RETURN NEW;
END $$;
CREATE FUNCTION followups_know_contact_told_of() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT team_id, owner_id INTO NEW.contact_team_id, NEW.contact_owner_id
        FROM contacts_contact WHERE id = NEW.contact_id;
    RETURN NEW;
END $$;
CREATE TRIGGER follow_up_whose BEFORE INSERT OR UPDATE OF contact_id, team_id, owner_id ON followups_followup
    FOR EACH ROW EXECUTE FUNCTION followups_know_contact();
CREATE TRIGGER alert_whose
    BEFORE INSERT OR UPDATE OF contact_id, contact_team_id, contact_owner_id, handled_at ON followups_alert
    FOR EACH ROW EXECUTE FUNCTION followups_know_contact_told_of();

CREATE FUNCTION followups_follow_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE followups_followup SET team_id = NEW.team_id, owner_id = NEW.owner_id WHERE contact_id = NEW.id;
    -- Those that were taken up stand in no list; they know it again when they are not any more.
    UPDATE followups_alert SET contact_team_id = NEW.team_id, contact_owner_id = NEW.owner_id
        WHERE contact_id = NEW.id AND handled_at IS NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER followups_contact_moved AFTER UPDATE ON contacts_contact
    FOR EACH ROW WHEN ((OLD.team_id, OLD.owner_id) IS DISTINCT FROM (NEW.team_id, NEW.owner_id))
    EXECUTE FUNCTION followups_follow_contact();
"""

UNFOLLOW = """
DROP TRIGGER followups_contact_moved ON contacts_contact;
DROP FUNCTION followups_follow_contact;
DROP TRIGGER follow_up_whose ON followups_followup;
DROP TRIGGER alert_whose ON followups_alert;
DROP FUNCTION followups_know_contact;
DROP FUNCTION followups_know_contact_told_of;
"""


def whose(to, null):
    return models.ForeignKey(
        to=to, null=null, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_notices"),
        ("contacts", "0009_threes_of_digits"),
        ("followups", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("followup", "team", whose("accounts.team", null=True)),
        migrations.AddField("followup", "owner", whose(settings.AUTH_USER_MODEL, null=True)),
        migrations.AddField("alert", "contact_team", whose("accounts.team", null=True)),
        migrations.AddField("alert", "contact_owner", whose(settings.AUTH_USER_MODEL, null=True)),
        migrations.RunSQL([FILL, "SET CONSTRAINTS ALL IMMEDIATE"], migrations.RunSQL.noop),
        migrations.AlterField("followup", "team", whose("accounts.team", null=False)),
        migrations.AlterField("alert", "contact_team", whose("accounts.team", null=False)),
        migrations.RunSQL([FOLLOW], [UNFOLLOW]),
    ]
