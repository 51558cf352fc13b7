"""Amounts that wait for a rate are found among all events by an index of their own."""

from typing import ClassVar

from django.db import migrations

CREATE = """
CREATE INDEX event_without_rate ON timeline_event (id)
    WHERE props ? 'told' AND NOT (props -> 'told' ? 'rate')
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("timeline", "0001_initial")]

    operations: ClassVar = [migrations.RunSQL(CREATE, "DROP INDEX event_without_rate")]
