"""Changes of owners are listed by team, the latest first."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_settings'),
        ('contacts', '0004_fields_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='ownerchange',
            index=models.Index(fields=['team', '-id'], name='owner_change_of_team'),
        ),
        migrations.AddIndex(
            model_name='ownerchange',
            index=models.Index(condition=models.Q(('was_team', models.F('team')), _negated=True), fields=['was_team', '-id'], name='owner_change_from_team'),
        ),
    ]
