"""Addresses of the settings."""

from django.urls import path

from seamark.apps.accounts import hours_page, mail_choice, notice_pages, views

app_name = "accounts"
urlpatterns = [
    path("", views.preferences, name="preferences"),
    path("members/", views.members, name="members"),
    path("members/add/", views.add_member, name="add_member"),
    path("members/<int:id>/", views.member, name="member"),
    path("members/<int:id>/switch/", views.switch_member, name="switch_member"),
    path("members/<int:id>/posts/<int:post>/remove/", views.remove_post, name="remove_post"),
    path("members/<int:id>/password/", views.password, name="password"),
    path("hours/", hours_page.hours, name="hours"),
    path("hours/holidays/", hours_page.add_holiday, name="add-holiday"),
    path("hours/holidays/drop/", hours_page.drop_holiday, name="drop-holiday"),
    path("notices/", notice_pages.listed, name="notices"),
    path("notices/count/", notice_pages.count, name="notices-count"),
    path("notices/mail/", mail_choice.choose, name="mail-choice"),
    path("record/", views.record, name="record"),
    path("teams/", views.teams, name="teams"),
    path("teams/<int:id>/", views.team, name="team"),
    path("roles/", views.roles, name="roles"),
]
