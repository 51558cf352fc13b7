"""Addresses of the settings of channels."""

from django.urls import path

from seamark.apps.channels import setting_up

app_name = "channels"
urlpatterns = [
    path("", setting_up.channels, name="channels"),
    path("add/<slug:kind>/", setting_up.add, name="add"),
    path("<int:id>/", setting_up.channel, name="channel"),
    path("<int:id>/templates/", setting_up.templates, name="templates"),
    path("<int:id>/resume/", setting_up.resume, name="resume"),
]
