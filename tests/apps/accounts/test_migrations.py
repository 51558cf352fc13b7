"""What members had chosen and been told before a change of tables stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


@pytest.fixture
def one_switch(transactional_db: None) -> Iterator[Any]:
    """The tables as they were when one switch stood for all mail; as they are now again afterwards."""
    now = MigrationExecutor(connection).loader.graph.leaf_nodes()
    executor = MigrationExecutor(connection)
    yield executor.migrate([("accounts", "0005_notices_by_mail")]).apps
    MigrationExecutor(connection).migrate(now)


def test_the_one_switch_for_mail_becomes_a_choice_by_kind(one_switch: Any):
    Member, Notice = (one_switch.get_model("accounts", name) for name in ("Member", "Notice"))
    wants, not_wants = (
        Member.objects.create(email=f"{is_wanted}@example.com", wants_mail=is_wanted) for is_wanted in (True, False)
    )
    mailed_at = datetime(2026, 11, 27, 9, tzinfo=UTC)
    for key in ("mentioned 1 2 3", "going-back 2026-11-27", "shares 2026-11-23", "no rate USD"):
        Notice.objects.create(member=wants, key=key, mailed_at=mailed_at)
    Notice.objects.create(member=not_wants, key="mentioned 1 2 3")

    apps = MigrationExecutor(connection).migrate([("accounts", "0006_mails")]).apps
    Member, Notice, Mail = (apps.get_model("accounts", name) for name in ("Member", "Notice", "Mail"))
    kinds = ["mentioned", "going-back", "shares", "no-rate"]
    assert list(Member.objects.order_by("pk").values_list("mailed_kinds", flat=True)) == [[*kinds, "handed-over"], []]
    assert list(Notice.objects.order_by("pk").values_list("kind", flat=True)) == [*kinds, "mentioned"]
    mail = Mail.objects.get()
    assert (mail.member_id, mail.state, mail.settled_at) == (wants.pk, "sent", mailed_at)
    assert Notice.objects.filter(mail=mail).count() == 4
