"""The addresses of tags and rulebooks."""

from __future__ import annotations

from django.urls import path

from seamark.apps.tagging.pages import conditions, drafts, new_tag, tags, trying, versions, what_if

app_name = "tagging"
urlpatterns = [
    path("tags/", tags.tags, name="tags"),
    path("tags/overlap/", tags.overlap, name="overlap"),
    path("tags/new/", new_tag.new_tag, name="new-tag"),
    path("tags/<path:tag>/owner/", tags.own, name="own"),
    path("tags/<path:tag>/delete/", tags.delete, name="delete-tag"),
    path("tags/<path:tag>/rename/", tags.rename, name="rename-tag"),
    path("tags/<path:tag>/review/", tags.review, name="review"),
    path("rulebooks/", versions.rulebooks, name="rulebooks"),
    path("rulebooks/progress/", versions.progress, name="progress"),
    path("rulebooks/compare/", versions.compare, name="compare"),
    path("rulebooks/blocks/<slug:book>/<slug:name>/", conditions.blocks, name="blocks"),
    path("rulebooks/versions/<int:number>/", versions.version, name="version"),
    path("rulebooks/versions/<int:number>/draft/", versions.begin, name="begin"),
    path("rulebooks/versions/<int:number>/live/", versions.roll_back, name="roll-back"),
    path("rulebooks/drafts/<int:id>/", drafts.draft, name="draft"),
    path("rulebooks/drafts/<int:id>/conditions/<path:path>/figures/", conditions.figures, name="figures"),
    path("rulebooks/drafts/<int:id>/conditions/<path:path>/", conditions.condition, name="condition"),
    path("rulebooks/drafts/<int:id>/words/<path:path>/", conditions.words, name="words"),
    path("rulebooks/drafts/<int:id>/figures/<path:path>/", conditions.figure, name="figure"),
    path("rulebooks/drafts/<int:id>/text/", drafts.text, name="draft-text"),
    path("rulebooks/drafts/<int:id>/problems/", drafts.problems, name="draft-problems"),
    path("rulebooks/drafts/<int:id>/lint/", drafts.lint, name="draft-lint"),
    path("rulebooks/drafts/<int:id>/try/", trying.attempt, name="draft-try"),
    path("rulebooks/drafts/<int:id>/try/<int:contact>/<path:tag>/", trying.both_whys, name="both-whys"),
    path("rulebooks/drafts/<int:id>/what-if/", what_if.what_if, name="what-if"),
    path("rulebooks/drafts/<int:id>/what-if/<int:work>/", what_if.result, name="what-if-result"),
    path("rulebooks/drafts/<int:id>/settle/", drafts.settle, name="draft-settle"),
    path("rulebooks/drafts/<int:id>/publish/", drafts.publish, name="draft-publish"),
    path("rulebooks/drafts/<int:id>/name/", drafts.rename, name="draft-rename"),
    path("rulebooks/drafts/<int:id>/discard/", drafts.discard, name="draft-discard"),
]
