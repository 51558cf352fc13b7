"""The addresses of batches."""

from django.urls import path

from seamark.apps.batches import views

app_name = "batches"
urlpatterns = [
    path("<int:id>/", views.batch, name="batch"),
    path("<int:id>/outcomes.csv", views.outcomes, name="outcomes"),
    path("<int:id>/undo/", views.undo, name="undo"),
]
