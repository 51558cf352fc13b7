"""The addresses of the desk."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import RedirectView

from seamark.apps.desk import batch, contact_list, contact_page, export, ownership, sea, sea_settings, segments, streams

app_name = "desk"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="desk:contacts"), name="home"),
    path("contacts/", contact_list.contacts, name="contacts"),
    path("contacts/exports/<int:id>/", export.page, name="export"),
    path("contacts/exports/<int:id>/contacts.<slug:ending>", export.download, name="download"),
    path("contacts/columns/", contact_list.choose_columns, name="columns"),
    path("contacts/amount/", contact_list.contacts_amount, name="contacts-amount"),
    path("contacts/batch/<slug:deed>/", batch.batch, name="batch"),
    path("contacts/sea/", sea.sea, name="sea"),
    path("contacts/sea/claim/", sea.claim, name="sea-claim"),
    path("contacts/sea/allocate/", sea.allocation, name="sea-allocate"),
    path("contacts/going-back/", sea.going_back_soon, name="going-back"),
    path("contacts/going-back/amount/", sea.going_back_amount, name="going-back-amount"),
    path("contacts/owners/", sea.changes, name="owner-changes"),
    path("contacts/segments/", segments.segments, name="segments"),
    path("contacts/segments/new/", segments.new, name="segment-new"),
    path("contacts/segments/<int:id>/", segments.segment, name="segment"),
    path("contacts/segments/<int:id>/amount/", segments.amount, name="segment-amount"),
    path("contacts/segments/<int:id>/drop/", segments.drop, name="segment-drop"),
    path("settings/seas/", sea_settings.settings, name="sea-settings"),
    path("settings/seas/rules/", sea_settings.add_rule, name="sea-rule-add"),
    path("settings/seas/rules/<int:id>/drop/", sea_settings.drop_rule, name="sea-rule-drop"),
    path("live/", streams.stream, name="live"),
    path("live/<int:id>/", streams.stream, name="live-contact"),
    path("contacts/<int:id>/", contact_page.contact, name="contact"),
    path("contacts/<int:id>/claim/", ownership.claim, name="claim"),
    path("contacts/<int:id>/release/", ownership.release, name="release"),
    path("contacts/<int:id>/transfer/", ownership.transfer, name="transfer"),
    path("contacts/<int:id>/tags/", contact_page.tags, name="tags"),
    path("contacts/<int:id>/changes/", contact_page.changes, name="changes"),
    path("contacts/<int:id>/events/", contact_page.events, name="events"),
    path("", include("seamark.apps.desk.talk_urls")),
    path("contacts/<int:id>/then/", contact_page.then, name="then"),
    path("contacts/<int:id>/tags/set/", contact_page.set_chosen, name="set-chosen"),
    path("contacts/<int:id>/tags/<path:tag>/why/", contact_page.why, name="why"),
    path("contacts/<int:id>/tags/<path:tag>/set/", contact_page.hand, {"deed": "set"}, name="set"),
    path("contacts/<int:id>/tags/<path:tag>/clear/", contact_page.hand, {"deed": "clear"}, name="clear"),
    path("contacts/<int:id>/tags/<path:tag>/lift/", contact_page.hand, {"deed": "lift"}, name="lift"),
]
