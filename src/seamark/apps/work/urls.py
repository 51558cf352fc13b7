"""The addresses of a member's own work."""

from django.urls import path

from seamark.apps.work import views

app_name = "work"
urlpatterns = [
    path("", views.works, name="works"),
    path("<int:id>/", views.work, name="work"),
    path("<int:id>/cancel/", views.cancel, name="cancel"),
]
