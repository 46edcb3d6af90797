"""Forms about the co-op's papers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coop.typed.fields import DayField, LineField
from coop.web.documents import DocumentField
from members.papers.papers import Paper


class FileForm(forms.Form):
    """A later paper in the place of another."""

    title = LineField(label=_("Title"), max_length=120)
    day = DayField(label=_("Of which day is it?"))
    file = DocumentField(
        label=_("The file"),
        help_text=_(
            "A PDF or a picture, up to 8 MB. All members can read it."
            " Of a PDF its pages stay: links, attachments and whatever could run are taken out."
        ),
    )

    @property
    def said(self) -> dict[str, Any]:
        """What was typed, with what is in the file."""
        return self.cleaned_data | {"file": self.cleaned_data["file"].read()}


class PaperForm(FileForm):
    """A new paper."""

    field_order = ["title", "kind"]
    kind = forms.ChoiceField(
        label=_("What kind?"), choices=Paper.Kind.choices, widget=forms.RadioSelect(attrs={"class": "wide"})
    )


class RemoveForm(forms.Form):
    """Why a paper is taken away."""

    reason = LineField(label=_("Why?"), help_text=_("All members can read this."), max_length=200)
