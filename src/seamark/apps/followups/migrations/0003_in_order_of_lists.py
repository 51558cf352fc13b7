"""Indexes in the order of the lists, with what lists ask for inside."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_notices'),
        ('contacts', '0009_threes_of_digits'),
        ('followups', '0002_whose_contacts'),
        ('tagging', '0009_week_counts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='alert',
            name='alert_open',
        ),
        migrations.RemoveIndex(
            model_name='followup',
            name='follow_up_of_member',
        ),
        migrations.RemoveIndex(
            model_name='followup',
            name='follow_up_closed',
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('handled_at', None)), fields=['-made_at', '-id'], include=('audience', 'contact_team', 'follow_up'), name='alert_open'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('handled_at', None)), fields=['team', '-made_at', '-id'], include=('audience', 'follow_up'), name='alert_by_team'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('handled_at', None)), fields=['contact_team', '-made_at', '-id'], include=('audience', 'follow_up'), name='alert_by_contact_team'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('handled_at', None)), fields=['contact_owner', '-made_at', '-id'], include=('audience', 'follow_up'), name='alert_by_contact_owner'),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['assignee', 'priority', 'due_at', 'id'], include=('contact', 'team', 'owner', 'snoozed_until'), name='follow_up_of_member'),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['team', 'assignee', 'priority', 'due_at'], include=('owner',), name='follow_up_of_team'),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['due_at', 'id'], include=('team', 'owner'), name='follow_up_due'),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(fields=['assignee', 'closed_at'], include=('contact', 'team', 'owner', 'state'), name='follow_up_closed'),
        ),
    ]
