"""Owners of contacts, since when, and every change of them; the database keeps up with `Contact.owner`."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FILL = """
INSERT INTO contacts_ownership (contact_id, owner_id, since_at, followed_up_at)
    SELECT id, owner_id, now(), now() FROM contacts_contact WHERE owner_id IS NOT NULL;
"""

FOLLOW = """
CREATE FUNCTION contacts_follow_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.owner_id IS NULL THEN
        DELETE FROM contacts_ownership WHERE contact_id = NEW.id;
    ELSE
        INSERT INTO contacts_ownership (contact_id, owner_id, since_at, followed_up_at)
            VALUES (NEW.id, NEW.owner_id, now(), now())
            ON CONFLICT (contact_id) DO UPDATE SET owner_id = NEW.owner_id, since_at = now(), followed_up_at = now();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contact_owned AFTER INSERT ON contacts_contact
    FOR EACH ROW WHEN (NEW.owner_id IS NOT NULL) EXECUTE FUNCTION contacts_follow_owner();
CREATE TRIGGER contact_owned_anew AFTER UPDATE ON contacts_contact
    FOR EACH ROW WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id) EXECUTE FUNCTION contacts_follow_owner();
"""

UNFOLLOW = """
DROP TRIGGER contact_owned ON contacts_contact;
DROP TRIGGER contact_owned_anew ON contacts_contact;
DROP FUNCTION contacts_follow_owner;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_settings'),
        ('contacts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OwnerChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('claimed', 'claimed from the public sea'), ('allocated', 'allocated'), ('transferred', 'transferred'), ('released', 'released into the public sea'), ('taken-back', 'taken back into the public sea'), ('undone', 'an earlier change was undone')], max_length=11)),
                ('words', models.CharField(blank=True, max_length=200)),
                ('changed_at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='owner_changes', to='contacts.contact')),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team')),
                ('was_owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('was_team', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.team')),
            ],
            options={
                'indexes': [models.Index(fields=['contact', '-id'], name='owner_change_of_contact'), models.Index(condition=models.Q(('reason', 'claimed')), fields=['owner', 'changed_at'], name='owner_change_claimed')],
            },
        ),
        migrations.CreateModel(
            name='Ownership',
            fields=[
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='ownership', serialize=False, to='contacts.contact')),
                ('since_at', models.DateTimeField()),
                ('followed_up_at', models.DateTimeField()),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['followed_up_at'], name='ownership_neglected'), models.Index(fields=['owner', 'followed_up_at'], name='ownership_of_owner')],
            },
        ),
        migrations.RunSQL([FILL, "SET CONSTRAINTS ALL IMMEDIATE"], migrations.RunSQL.noop),
        migrations.RunSQL([FOLLOW], [UNFOLLOW]),
    ]
