"""Conditions beside the live rulebook."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tagging', '0003_drafts_and_cards'),
    ]

    operations = [
        migrations.CreateModel(
            name='Overlay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('additions', models.JSONField(default=dict)),
                ('broken', models.JSONField(default=dict)),
                ('changed_at', models.DateTimeField()),
            ],
        ),
    ]
