"""Batches in workers of their own: one that is killed in the middle, and two on the same contacts at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from seamark.apps.batches.actions import Ask, begin, begin_undo
from seamark.apps.batches.models import Batch
from seamark.apps.contacts.models import Contact
from seamark.apps.tagging.models import Standing, Tag
from seamark.apps.tagging.oracle import differences
from seamark.apps.timeline.models import Event
from seamark.apps.work.models import Work
from tests.apps.conftest import Cast
from tests.browser.serving import working

CONTACTS = 4_000
CONTACTS_OF_BOTH = 1_500
PATIENCE_SECONDS = 60


def wait_for(truth: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not truth():
        assert time.monotonic() < until, Work.objects.values()
        time.sleep(0.05)


def is_done(batch: Batch) -> bool:
    return Work.objects.get(pk=batch.pk).state == "done"


def make_contacts(cast: Cast, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO contacts_contact (name, language, zone, team_id, owner_id, fields, grams, created_at)
               SELECT 'C' || n, '', '', %s, %s, '{}', '{}', now() FROM generate_series(1, %s) n""",
            [cast.south.pk, cast.alice.pk, number],
        )


@pytest.mark.covers("B12")
@pytest.mark.usefixtures("tiers")
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_nothing_half_done(cast: Cast) -> None:
    make_contacts(cast, CONTACTS)
    batch = begin(Ask(Batch.Deed.TAG, tag="asked/vip"), contacts=Contact.objects.all(), by=cast.alice)
    with working() as worker:
        wait_for(lambda: Work.objects.get(pk=batch.pk).done > 0)
        worker.kill()
        worker.wait()
    work = Work.objects.get(pk=batch.pk)
    assert (work.state, Event.objects.filter(kind="tag.set").count()) == ("running", work.done)
    with working():
        wait_for(lambda: is_done(batch))
        assert Work.objects.get(pk=batch.pk).result == {"done": CONTACTS}
        assert Event.objects.filter(kind="tag.set").count() == CONTACTS
        undoing = begin_undo(batch, by=cast.alice)
        wait_for(lambda: is_done(undoing))
    vip = Tag.objects.get(name="asked/vip")
    assert not Standing.objects.filter(tags__contains=[vip.pk]).exists()
    assert Event.objects.filter(kind="tag.lifted").count() == CONTACTS


@pytest.mark.covers("B12")
@pytest.mark.usefixtures("tiers")
@pytest.mark.django_db(transaction=True)
def test_two_batches_on_the_same_contacts_wait_for_each_other(cast: Cast) -> None:
    make_contacts(cast, CONTACTS_OF_BOTH)
    both = [
        begin(Ask(Batch.Deed.TAG, tag=tag), contacts=Contact.objects.order_by(order), by=by)
        for tag, order, by in (("activity/high", "pk", cast.alice), ("activity/low", "-pk", cast.boss))
    ]
    with working():
        for batch in both:
            wait_for(partial(is_done, batch))
    assert [Work.objects.get(pk=batch.pk).result for batch in both] == [{"done": CONTACTS_OF_BOTH}] * 2
    assert Event.objects.filter(kind="tag.set").count() == 2 * CONTACTS_OF_BOTH
    assert differences(CONTACTS_OF_BOTH) == []
