"""Channels: what they must be given, who sets them up, and how their secrets are kept."""

import pytest
from django.http import Http404

from seamark.apps.accounts.errors import ActionRefused
from seamark.apps.channels.access import channel_for
from seamark.apps.channels.actions import add_channel, change_channel
from seamark.apps.channels.opt_out import with_opt_outs
from seamark.apps.channels.secrets import opened, seal_again
from tests.apps.conftest import arrival


def test_secrets_are_encrypted(channel):
    assert opened(channel) == {"token": "x"}
    assert b"token" not in bytes(channel.secrets)


def test_secrets_outlive_the_key_that_locked_them(channel, settings):
    old, new, newest = settings.SECRET_KEY, "new" * 20, "newest" * 20
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = new, [old]
    assert seal_again() == 1
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = newest, [new]
    channel.refresh_from_db()
    assert opened(channel) == {"token": "x"}


def test_a_channel_without_what_its_platform_needs_is_refused(platform, cast):
    with pytest.raises(ActionRefused, match="number, token"):
        add_channel(kind="test", name="Line", team=cast.south, by=cast.admin)


def test_a_changed_token_leaves_the_rest_as_it_was(channel, cast):
    change_channel(channel=channel, options={"pace": 3}, secrets={"token": "y"}, by=cast.admin)
    channel.refresh_from_db()
    assert (channel.options, opened(channel)) == ({"number": "1", "pace": 3}, {"token": "y"})


def test_only_administrators_set_channels_up(channel, cast):
    assert channel_for(cast.admin, channel.pk) == channel
    with pytest.raises(Http404):
        channel_for(cast.alice, channel.pk)


@pytest.mark.covers("B08")
@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("STOP", ["message.received", "unsubscribed"]),
        ("退訂", ["message.received", "unsubscribed"]),
        ("Start.", ["message.received", "subscribed"]),
        ("please stop by at noon", ["message.received"]),
    ],
)
def test_a_message_of_an_opt_out_word_alone_is_one(text, kinds):
    assert [told.kind for told in with_opt_outs([arrival(props={"text": text})])] == kinds
