"""Files are stored before the messages that name them, and so perhaps before anybody knows their identity."""

from typing import ClassVar

from django.db import migrations, models

FILL = """
UPDATE channels_storedfile file
SET source = identity.source, external_id = identity.external_id, own_id = token, is_sent = true
FROM contacts_identity identity WHERE identity.id = file.identity_id
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("channels", "0004_templates"), ("contacts", "0003_owner_change_indexes")]

    operations: ClassVar = [
        migrations.AddField("storedfile", "source", models.CharField(default="", max_length=60), preserve_default=False),
        migrations.AddField(
            "storedfile", "external_id", models.CharField(default="", max_length=200), preserve_default=False
        ),
        migrations.AddField("storedfile", "own_id", models.CharField(default="", max_length=64), preserve_default=False),
        migrations.AddField("storedfile", "is_sent", models.BooleanField(default=False)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveField("storedfile", "identity"),
        migrations.AddConstraint(
            "storedfile",
            models.UniqueConstraint(fields=["source", "external_id", "own_id"], name="stored_file_once"),
        ),
        migrations.AddIndex(
            "storedfile",
            models.Index(fields=["stored_at"], condition=models.Q(is_sent=False), name="stored_file_unsent"),
        ),
    ]
