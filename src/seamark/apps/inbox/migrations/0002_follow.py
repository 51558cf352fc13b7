"""Conversations follow their identities and contacts, and history that stands already gets its conversations."""

from django.db import migrations

FOLLOW = """
CREATE FUNCTION inbox_follow_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE inbox_conversation SET
        assignee_id = CASE WHEN assignee_id = owner_id OR owner_id IS NULL THEN NEW.owner_id ELSE assignee_id END,
        team_id = NEW.team_id, owner_id = NEW.owner_id
    WHERE contact_id = NEW.id;
    RETURN NEW;
END $$;
CREATE TRIGGER inbox_contact_moved AFTER UPDATE ON contacts_contact
    FOR EACH ROW WHEN ((OLD.team_id, OLD.owner_id) IS DISTINCT FROM (NEW.team_id, NEW.owner_id))
    EXECUTE FUNCTION inbox_follow_contact();

CREATE FUNCTION inbox_follow_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE inbox_conversation conversation SET
        contact_id = contact.id, team_id = contact.team_id, owner_id = contact.owner_id,
        assignee_id = CASE
            WHEN conversation.assignee_id = conversation.owner_id OR conversation.owner_id IS NULL THEN contact.owner_id
            ELSE conversation.assignee_id END
    FROM contacts_contact contact WHERE conversation.identity_id = NEW.id AND contact.id = NEW.contact_id;
    RETURN NEW;
END $$;
CREATE TRIGGER inbox_identity_moved AFTER UPDATE ON contacts_identity
    FOR EACH ROW WHEN (OLD.contact_id IS DISTINCT FROM NEW.contact_id)
    EXECUTE FUNCTION inbox_follow_identity();
"""

UNFOLLOW = """
DROP TRIGGER inbox_contact_moved ON contacts_contact;
DROP FUNCTION inbox_follow_contact;
DROP TRIGGER inbox_identity_moved ON contacts_identity;
DROP FUNCTION inbox_follow_identity;
"""

FILL = """
INSERT INTO inbox_conversation (
    identity_id, contact_id, source, team_id, owner_id, assignee_id, state,
    last_received_at, last_at, last_by, last_form, last_text)
SELECT identity.id, contact.id, identity.source, contact.team_id, contact.owner_id, contact.owner_id, 'done',
    (SELECT max(occurred_at) FROM timeline_event WHERE identity_id = identity.id AND kind = 'message.received'),
    last.occurred_at,
    CASE WHEN last.kind = 'message.received' THEN 'received' WHEN last.actor = 'machine' THEN 'machine' ELSE 'sent' END,
    left(coalesce(last.props ->> 'type', last.props ->> 'media', ''), 20), left(coalesce(last.props ->> 'text', ''), 200)
FROM contacts_identity identity
JOIN contacts_contact contact ON contact.id = identity.contact_id
CROSS JOIN LATERAL (
    SELECT * FROM timeline_event
    WHERE identity_id = identity.id AND kind IN ('message.received', 'message.sent')
    ORDER BY occurred_at DESC, id DESC LIMIT 1
) last
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial"), ("timeline", "0001_initial")]

    operations = [
        migrations.RunSQL([FOLLOW], [UNFOLLOW]),
        migrations.RunSQL([FILL], migrations.RunSQL.noop),
    ]
