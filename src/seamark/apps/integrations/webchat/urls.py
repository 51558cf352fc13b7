"""Addresses of the web chat, open to everybody on the sites that a channel allows."""

from __future__ import annotations

from django.urls import path

from seamark.apps.integrations.webchat import streams, uploads, views

app_name = "webchat"
urlpatterns = [
    path("demo", views.demo, name="demo"),
    path("<slug:key>.js", views.script, name="script"),
    path("<slug:key>/session", views.session, name="session"),
    path("<slug:key>/messages", views.messages, name="messages"),
    path("<slug:key>/receipts", views.receipts, name="receipts"),
    path("<slug:key>/files", uploads.upload, name="upload"),
    path("<slug:key>/files/<slug:token>", views.file, name="file"),
    path("<slug:key>/page", views.page, name="page"),
    path("<slug:key>/stream", streams.stream, name="stream"),
]
