"""What members have to do with a crowd: follow-ups, alerts, changes of owners, segments, and what is set for it."""

from __future__ import annotations

from django.db import connection, transaction

from seamark.apps.accounts.models import Member
from seamark.apps.accounts.organisation import change
from seamark.apps.contacts.seas import Seas
from seamark.apps.followups.pace import Pace
from seamark.apps.outreach.actions import save_segment
from seamark.apps.tagging.rulebooks import live_rulebook

LEVELS = "order-value"
"""The group of levels by which queues are ordered."""

# Of a million contacts, of whom three of ten are nobody's: 200,000 follow-ups are open and 175,000 closed. A third of
# the open ones are overdue; managers were told of one in four of those.
_DUTIES = """
SELECT setseed(0.5);
INSERT INTO tagging_tagchange (contact_id, tag_id, version_id, edge, cause, changed_at, recorded_at)
    SELECT contact_id, tags[1], version_id, 'enter', 'event', last_event_at, last_event_at
    FROM tagging_standing WHERE contact_id %% 4 = 0 AND cardinality(tags) > 0;
INSERT INTO followups_followup (reason_key, contact_id, assignee_id, priority, title, words, change_id, made_at, due_at,
    snoozed_until, state, closed_at, closed_by_id, skip_reason, escalated_at)
SELECT 'bench ' || id, id, owner_id, 1 + (random() * 2)::int, '{"en": "Call", "zh": "打电话"}', '{}', NULL,
    now() - interval '10 days', now() + (random() - 0.33) * interval '10 days',
    CASE WHEN random() < 0.05 THEN now() + interval '1 day' END,
    CASE WHEN is_open THEN 'open' ELSE 'done' END, CASE WHEN NOT is_open THEN now() - random() * interval '30 days' END,
    CASE WHEN NOT is_open THEN owner_id END, '', NULL
FROM (
    SELECT id, owner_id, id %% 2 = 0 AS is_open FROM contacts_contact WHERE owner_id = ANY(%s)
    UNION ALL SELECT id, NULL, true FROM contacts_contact WHERE owner_id IS NULL AND id %% 12 = 0
) due;
UPDATE followups_followup followup SET change_id = change.id
    FROM tagging_tagchange change WHERE change.contact_id = followup.contact_id;
UPDATE followups_followup SET escalated_at = now()
    WHERE state = 'open' AND due_at < now() AND contact_id %% 8 = 0;
INSERT INTO followups_alert (reason_key, contact_id, audience, title, follow_up_id, pops_up, made_at)
    SELECT 'late ' || id, contact_id, 'manager', title, id, false, due_at
    FROM followups_followup WHERE escalated_at IS NOT NULL;
INSERT INTO followups_alert (reason_key, contact_id, audience, team_id, title, pops_up, made_at, handled_at)
SELECT 'told ' || id, id,
    CASE WHEN id %% 3 = 0 THEN 'team' WHEN owner_id IS NULL THEN 'manager' ELSE 'owner' END,
    CASE WHEN id %% 3 = 0 THEN team_id END, '{"en": "Look", "zh": "看看"}', true,
    now() - random() * interval '30 days', CASE WHEN random() < 0.8 THEN now() END
FROM contacts_contact WHERE id %% 10 = 1;
INSERT INTO contacts_ownerchange (contact_id, was_owner_id, owner_id, was_team_id, team_id, reason, words, changed_at)
SELECT id, %s, owner_id, team_id, team_id, CASE WHEN owner_id IS NULL THEN 'released' ELSE 'allocated' END, '',
    now() - random() * interval '90 days'
FROM contacts_contact WHERE id %% 3 = 0;
"""
_TABLES = ("tagging_tagchange", "followups_followup", "followups_alert", "contacts_ownerchange")


def give_duties(busy: int) -> None:
    """Follow-ups to so many members, alerts, and how contacts came to their owners."""
    sellers = list(Member.objects.filter(posts__role="salesperson").order_by("pk").values_list("pk", flat=True))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DUTIES, [sellers[:busy], sellers[0]])
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")


def settle(segments: int) -> list[int]:
    """What is set, and so many segments; returns the ids of their tags."""
    boss = Member.objects.filter(posts__role="headquarters").earliest("pk")
    change(Seas(), by=boss)
    change(Pace(tier_group=LEVELS, intent_group=LEVELS), by=boss)
    saved = [
        save_segment(name=f"Segment {place}", when=f"count(order.placed) over {place + 1}d >= 2", by=boss)
        for place in range(segments)
    ]
    live = live_rulebook()
    assert live
    return [live.tag_ids[segment.tag] for segment in saved]
