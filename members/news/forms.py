"""Until when the news go that were shown."""

from django import forms


class ReadForm(forms.Form):
    """The moment at which the page was made, so that what came since stays unread."""

    until = forms.FloatField(widget=forms.HiddenInput, min_value=0, max_value=2**35)
