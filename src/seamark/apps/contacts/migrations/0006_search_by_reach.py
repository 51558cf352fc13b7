"""The index that is searched by words knows whose a contact is, too."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from seamark.apps.contacts.search import CalledBy

CALLED_BY = """
CREATE FUNCTION contacts_called_by(grams varchar[], team bigint, owner bigint) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN grams::text[] || ('team ' || team::text)
    || CASE WHEN owner IS NULL THEN 'sea ' || team::text ELSE 'owner ' || owner::text END
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0005_owner_changes_of_teams")]

    operations = [
        migrations.RunSQL(CALLED_BY, "DROP FUNCTION contacts_called_by"),
        migrations.RemoveIndex("contact", "contact_grams"),
        migrations.AddIndex("contact", GinIndex(CalledBy("grams", "team", "owner"), name="contact_called")),
    ]
