"""Contacts are searched by threes of digits, too."""

import django.contrib.postgres.fields
from django.db import migrations, models

FILL = """
UPDATE contacts_contact contact SET grams = contact.grams || found.threes
FROM (
    SELECT contact_id, array_agg(DISTINCT substr(called, place, 3)) AS threes
    FROM (
        SELECT id AS contact_id, name AS called FROM contacts_contact
        UNION ALL SELECT contact_id, external_id FROM contacts_identity WHERE source <> 'desk'
    ) texts CROSS JOIN generate_series(1, 198) AS place
    WHERE substr(called, place, 3) ~ '^[0-9]{3}$' GROUP BY contact_id
) found
WHERE contact.id = found.contact_id;
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0008_field_currency")]

    operations = [
        migrations.AlterField(
            model_name="contact",
            name="grams",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=3), default=list, size=None
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
