"""The addresses of the inbox, and of answering at a contact's page; among the desk's."""

from __future__ import annotations

from django.urls import path

from seamark.apps.desk import event_files, finding, hints, inbox, offers, reply, streams, talk

urlpatterns = [
    path("contacts/<int:id>/unsent/", reply.unsent, name="unsent"),
    path("contacts/<int:id>/words/", offers.contact_words, name="words"),
    path("contacts/<int:id>/templates/", reply.templates, name="templates"),
    path("contacts/<int:id>/redraw/", reply.redraw, name="redraw"),
    path("contacts/<int:id>/messages/", reply.write, name="write"),
    path("contacts/<int:id>/messages/<int:message>/<slug:deed>/", reply.deal, name="deal"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("files/of/<int:id>/", event_files.event_files, name="event-files"),
    path("files/<slug:token>/", talk.file, name="file"),
    path("inbox/count/", inbox.count, name="inbox-count"),
    path("inbox/rows/", inbox.rows, name="inbox-rows"),
    path("inbox/live/", streams.inbox_stream, name="live-inbox"),
    path("inbox/<int:id>/", inbox.inbox, name="talk"),
    path("inbox/<int:id>/live/", streams.inbox_stream, name="live-talk"),
    path("inbox/<int:id>/thread/", talk.thread, name="talk-thread"),
    path("inbox/<int:id>/head/", talk.head, name="talk-head"),
    path("inbox/<int:id>/messages/", talk.messages, name="talk-messages"),
    path("inbox/<int:id>/messages/<int:message>/<slug:deed>/", talk.deal, name="talk-deal"),
    path("inbox/<int:id>/templates/", talk.templates, name="talk-templates"),
    path("inbox/<int:id>/redraw/", talk.redraw, name="talk-redraw"),
    path("inbox/<int:id>/words/", offers.talk_words, name="talk-words"),
    path("inbox/<int:id>/members/", offers.members, name="talk-members"),
    path("inbox/<int:id>/find/", finding.find, name="talk-find"),
    path("inbox/<int:id>/presence/", talk.presence, name="talk-presence"),
    path("inbox/<int:id>/unsent/", talk.unsent, name="talk-unsent"),
    path("inbox/<int:id>/read/", talk.read, name="talk-read"),
    path("inbox/<int:id>/draft/", talk.draft, name="talk-draft"),
    path("inbox/<int:id>/hints/", hints.hints, name="talk-hints"),
    path("inbox/<int:id>/hints/<int:alert>/", hints.take_up, name="talk-take-up"),
    path("inbox/<int:id>/claim/", talk.claim, name="talk-claim"),
    path("inbox/<int:id>/assign/", talk.assign, name="talk-assign"),
    path("inbox/<int:id>/ask/", talk.ask, name="talk-ask"),
    path("inbox/<int:id>/<slug:deed>/", talk.turn, name="talk-turn"),
]
