"""What is meant is found, however it is written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from coop.typed.folding import Folded, folded, has_words
from members.models import User
from tests import make

LETTERS = st.text(st.sampled_from("aÁñÑøŁđßÉ王د '’-.Ž İıσς"), min_size=1, max_size=12).filter(lambda name: name.strip())


class InTheDatabaseAsHere(TestCase):
    @settings(max_examples=60)
    @given(LETTERS)
    def test_both_fold_alike(self, name: str) -> None:
        user = make.user("Zed")
        User.objects.filter(pk=user.pk).update(name=name)
        assert User.objects.annotate(as_found=Folded("name")).get(pk=user.pk).as_found == folded(name)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("José Núñez", "jose nunez"),
        ("José Núñez", "Nuñez, José"),
        ("Siobhán O’Brien", "o'brien"),
        ("Siobhan O'Brien", "OBrien siobhán"),
        ("Ana  Mac Donald", "macdonald"),
        ("Łukasz Jean-Pierre", "lukasz jean pierre"),
        ("王小明", "小明"),
    ],
)
def test_a_name_is_found_as_it_is_said(name: str, wanted: str) -> None:
    user = make.user(name, email="somebody@example.org")
    make.user("Somebody Else")
    assert list(User.objects.filter(has_words("name", wanted))) == [user]


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["nunez maria", "%", "_", "' -", ""])
def test_what_does_not_fit_finds_nobody(wanted: str) -> None:
    make.user("José Núñez")
    assert list(User.objects.filter(has_words("name", wanted))) == []
