"""A worker that is killed while it sends."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from threading import Event as Flag
from urllib.parse import quote

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from seamark.apps.channels import outbox
from seamark.apps.channels.actions import queue_message
from seamark.apps.channels.models import OutboxMessage
from seamark.apps.contacts.models import Identity
from seamark.apps.timeline import intake
from seamark.apps.timeline.models import Event
from tests.apps.integrations.whatsapp.standin import body_of, deliver

SENDS = "import django; django.setup(); from seamark.apps.channels import outbox; outbox.send_due()"


def environment():
    """That of a worker on the test's own database."""
    asked = connection.get_connection_params()
    host, user, name = (quote(str(asked.get(key, "")), safe="") for key in ("host", "user", "dbname"))
    address = f"postgresql://{user}@/{name}?host={host}"
    return os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}


@pytest.mark.covers("B08", "D01")
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_sends_leaves_no_second_message(client, address, platform, cast):
    deliver(client, address, body_of([platform.wrote("how much?")]))
    intake.handle_waiting()
    message = queue_message(identity=Identity.objects.get(), reason_key="why", text="10 dollars", by=cast.alice)
    platform.answers = Flag()
    worker = subprocess.Popen([sys.executable, "-c", SENDS], env=environment())
    try:
        assert platform.has_taken.wait(30)
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    platform.answers.set()
    OutboxMessage.objects.update(sending_at=F("sending_at") - outbox.LOST_AFTER - timedelta(seconds=1))
    outbox.send_due()
    message.refresh_from_db()
    assert (message.state, len(platform.taken)) == ("unknown", 1)
    deliver(client, address, body_of(platform.statuses("sent")))
    intake.handle_waiting()
    outbox.send_due()
    message.refresh_from_db()
    assert (message.state, len(platform.taken)) == ("sent", 1)
    assert Event.objects.filter(kind="message.sent", occurred_at__lt=timezone.now()).count() == 1
