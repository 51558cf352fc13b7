"""Whom a member claimed today, and who was allocated one last, are found by one index."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_settings'),
        ('contacts', '0002_ownership'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='ownerchange',
            name='owner_change_claimed',
        ),
        migrations.AddIndex(
            model_name='ownerchange',
            index=models.Index(fields=['owner', 'reason', 'changed_at'], name='owner_change_to_owner'),
        ),
    ]
