"""The form of a new tag."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from seamark.apps.tagging.editions import open_drafts, read
from seamark.apps.tagging.models import Draft
from seamark.apps.tagging.new_tags import NewTag, open_groups
from seamark.apps.tagging.words import titled
from seamark.engine.rulebook import Rulebook

COLORS = {
    "red": gettext_lazy("red"),
    "orange": gettext_lazy("orange"),
    "yellow": gettext_lazy("yellow"),
    "gold": gettext_lazy("gold"),
    "green": gettext_lazy("green"),
    "teal": gettext_lazy("teal"),
    "blue": gettext_lazy("blue"),
    "purple": gettext_lazy("purple"),
    "pink": gettext_lazy("pink"),
    "brown": gettext_lazy("brown"),
    "gray": gettext_lazy("gray"),
    "black": gettext_lazy("black"),
}
NEW_GROUP = "+"


class NewTagForm(forms.Form):
    """Title in both languages, group, colour, and the draft that it is written into."""

    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=60)
    title_zh = forms.CharField(label=gettext_lazy("Title in Chinese"), max_length=60)
    color = forms.ChoiceField(label=gettext_lazy("Colour"), choices=list(COLORS.items()), initial="blue")
    group = forms.ChoiceField(label=gettext_lazy("Tag group"))
    group_en = forms.CharField(label=gettext_lazy("Title of the new group in English"), max_length=60, required=False)
    group_zh = forms.CharField(label=gettext_lazy("Title of the new group in Chinese"), max_length=60, required=False)
    name = forms.CharField(
        label=gettext_lazy("Name in the rulebook"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Letters, digits and hyphens; from the English title where it is left empty."),
    )
    draft = forms.ChoiceField(label=gettext_lazy("Written into"), required=False)

    def __init__(self, rulebook: Rulebook, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(group.name, titled(group.title)) for group in open_groups(rulebook)]
        self.drafts = {str(draft.pk): draft for draft in open_drafts() if read(draft).rulebook}
        drafts = [(key, draft.name) for key, draft in self.drafts.items()]
        self._choose("group", [*groups, (NEW_GROUP, _("a new group"))])
        self._choose("draft", [("", _("a new draft")), *drafts])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["name"] = slugify(given.get("name") or given.get("title_en", ""))
        if not given["name"]:
            self.add_error("name", _("Write a name of letters, digits and hyphens."))
        if given.get("group") == NEW_GROUP and not (given.get("group_en") and given.get("group_zh")):
            self.add_error("group_en", _("A new group has a title in both languages."))
        return given

    def new_tag(self, when: str) -> NewTag:
        """The tag, once the form is valid."""
        given = self.cleaned_data
        is_new = given["group"] == NEW_GROUP
        return NewTag(
            group=slugify(given["group_en"]) or "new-group" if is_new else given["group"],
            name=given["name"],
            titles={"en": given["title_en"], "zh": given["title_zh"]},
            color=given["color"],
            when=when,
            group_titles={"en": given["group_en"], "zh": given["group_zh"]} if is_new else None,
        )

    def chosen_draft(self) -> Draft | None:
        """The draft that it is written into; None: a new one."""
        return self.drafts.get(self.cleaned_data["draft"])
