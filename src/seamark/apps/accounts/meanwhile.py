"""Forms of settings that several members may have open at once: the later is told what the earlier changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

Values = Mapping[str, Any]
"""What is set, by the name of its field; what is not is None."""


class SettingsForm(forms.Form):
    """A form that brings along what was set when it was drawn.

    Whoever saves asks `accepts` first, while nobody else can change it (`organisation.alone_with`).
    """

    was = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound and "was" not in self.initial:
            self.initial["was"] = self.packed({name: self.initial.get(name) for name in self.fields if name != "was"})

    @property
    def given(self) -> dict[str, Any]:
        """What is to be set."""
        return {name: value for name, value in self.cleaned_data.items() if name != "was"}

    def packed(self, values: Values) -> str:
        """As the form brings them along."""
        return json.dumps(dict(values), cls=DjangoJSONEncoder)

    def unpacked(self, written: str) -> Values:
        """Raises `ValueError`, `TypeError` or `AttributeError` for what no form of ours wrote."""
        return dict(json.loads(written).items())

    def accepts(self, now: Values, who: str) -> bool:
        """Whether it may be saved: nobody has set something else since it was drawn.

        If somebody has, the form says who (the last to change anything of it) and what, has what they set in the fields
        that its writer left alone, and keeps the others as they were written; saved once more it holds.
        """
        was, given, now = self._as_it_was(now), _plain(self.given), _plain(now)
        changed = [name for name in given if was.get(name) != now.get(name) != given[name]]
        if not changed:
            return True
        told = {"who": who, "what": ""}
        for name in changed:
            told["what"] = self._said(name, now.get(name))
            self.add_error(name, _("%(who)s has set this to “%(what)s” meanwhile.") % told)
        self.add_error(None, _("Not saved yet: look at what %(who)s changed meanwhile, and save once more.") % told)
        self._begin_from(now, [name for name in changed if given[name] == was.get(name)])
        return False

    def _as_it_was(self, now: Values) -> Values:
        """What the form brought along; of one that brought nothing all is as it is now."""
        try:
            return self.unpacked(self.cleaned_data["was"])
        except (ValueError, TypeError, AttributeError):
            return _plain(now)

    def _said(self, name: str, value: object) -> str:
        """The value as the form shows it."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return _("Yes") if value else _("No")
        if isinstance(field, forms.ChoiceField):
            return str(_titles(field).get(str(value or ""), value))
        return str(value) if value not in (None, "") else "–"

    def _begin_from(self, now: Values, left_alone: list[str]) -> None:
        """From here on the form is one that was drawn with these values, but keeps what was written."""
        assert isinstance(self.data, Mapping)
        data = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("was")] = self.packed(now)
        for name in left_alone:
            data.pop(self.add_prefix(name), None)
            value = now.get(name)
            if value is not None and value is not False:  # a box without its tick sends nothing
                data[self.add_prefix(name)] = value
        self.data = data


def _plain(values: Values) -> dict[str, Any]:
    """As they come back out of JSON."""
    return dict(json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder)))


def _titles(field: forms.ChoiceField) -> dict[str, Any]:
    """The titles of choices, of those in groups too."""
    titles: dict[str, Any] = {}
    for value, title in field.choices:  # type: ignore[union-attr, misc]
        titles |= {str(each): inside for each, inside in title} if isinstance(title, list) else {str(value): title}
    return titles
