"""Photos of a visit: made anew without where and when, for those whom the visit concerns, and not for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from random import Random
from time import sleep
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageFile, PngImagePlugin

from bookings.models import Photo, Shift
from bookings.visits.tasks import sweep_notes
from coop.errors import Refusal
from coop.web.images import LARGE, SMALL, clean
from coop.web.uploads import MOST_BYTES
from members.models import Member
from tests import make
from tests.bookings.clock import NINE, NOW
from tests.bookings.stage import said, signed_in, words

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CANARY = "Canary Phone 9"
WHERE = 0x8825


def picture(size: tuple[int, int]) -> Image.Image:
    made = Image.new("RGB", size, "green")
    made.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    return made


def jpeg(size: tuple[int, int] = (40, 30), *, turned: int = 1) -> bytes:
    """As a phone takes it: with its name, the time, the place, a comment and a preview."""
    exif = Image.Exif()
    exif[0x0110], exif[0x0112], exif[0x9003] = CANARY, turned, "2026:03:11 09:05:00"
    exif.get_ifd(WHERE).update({1: "N", 2: (40.0, 40.0, 12.0), 3: "W", 4: (73.0, 58.0, 45.0)})
    kept = BytesIO()
    picture(size).save(kept, "JPEG", exif=exif, comment=CANARY.encode(), icc_profile=CANARY.encode() * 9)
    return kept.getvalue()


def png() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Location", CANARY)
    notes.add_itxt("XML:com.adobe.xmp", f"<x>{CANARY}</x>")
    kept = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 255, 90)).save(kept, "PNG", pnginfo=notes)
    return kept.getvalue()


def markers(data: bytes) -> list[int]:
    """The kinds of parts of a JPEG before its pixels."""
    at, found = 2, []
    while data[at + 1] != 0xDA:
        found.append(data[at + 1])
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return found


class TestMadeAnew:
    @pytest.mark.parametrize("sent", [jpeg(), png()], ids=["jpeg", "png"])
    def test_nothing_but_pixels_comes_out(self, sent):
        assert CANARY.encode() in sent
        for kept in clean(sent):
            with Image.open(BytesIO(kept)) as opened:
                assert opened.format == "JPEG"
                assert dict(opened.getexif()) == {}
                assert opened.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            parts = set(markers(kept))
            assert parts & {*range(0xE1, 0xF0), 0xFE} == set()  # no application's part but JFIF's, and no comment
            assert CANARY.encode() not in kept

    def test_it_stands_upright(self):
        """Turned by the camera's word for it, which is then gone."""
        large, _small = clean(jpeg((40, 30), turned=6))
        with Image.open(BytesIO(large)) as opened:
            assert opened.size == (30, 40)
            pixel: Any = opened.getpixel((28, 2))
        red, green, _blue = pixel
        assert red > 150 > green

    def test_it_is_made_small(self):
        sizes = []
        for kept in clean(jpeg((4000, 3000))):
            with Image.open(BytesIO(kept)) as opened:
                sizes.append(opened.size)
        assert sizes == [(LARGE, LARGE * 3 // 4), (SMALL, SMALL * 3 // 4)]

    @pytest.mark.parametrize(
        "sent",
        [b"", b"\xff\xd8\xff", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", jpeg()[:300], png()[:60]],
        ids=["nothing", "a beginning", "svg", "pdf", "half a jpeg", "half a png"],
    )
    def test_what_is_no_photo_gets_a_sentence(self, sent):
        with pytest.raises(Refusal, match="cannot read this"):
            clean(sent)

    @pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
    def test_a_file_that_would_unfold_is_not_unfolded(self):
        kept = BytesIO()
        Image.new("1", (12_000, 12_000)).save(kept, "PNG")
        assert len(kept.getvalue()) < 100_000
        with pytest.raises(Refusal, match="too many pixels"):
            clean(kept.getvalue())

    @pytest.mark.parametrize(
        ("kind", "size", "more"),
        [("PNG", (7000, 7000), {}), ("WEBP", (5000, 5000), {}), ("JPEG", (5000, 5000), {"progressive": True})],
        ids=["png", "webp", "a jpeg in layers"],
    )
    def test_how_much_it_unfolds_to_is_known_before_it_does(self, kind, size, more, monkeypatch):
        kept = BytesIO()
        Image.new("RGB", size).save(kept, kind, **more)
        monkeypatch.setattr(ImageFile.ImageFile, "load", lambda _picture: pytest.fail("it was unfolded"))
        with pytest.raises(Refusal, match="too many pixels"):
            clean(kept.getvalue())

    def test_a_large_photo_of_a_camera_is_read(self):
        kept = BytesIO()
        Image.new("RGB", (8000, 6000), "green").save(kept, "JPEG")
        with Image.open(BytesIO(clean(kept.getvalue())[0])) as opened:
            assert opened.size == (LARGE, LARGE * 3 // 4)

    def test_one_picture_unfolds_at_a_time(self, monkeypatch):
        load, inside, seen = ImageFile.ImageFile.load, [], []

        def slow(picture: ImageFile.ImageFile) -> object:
            inside.append(picture)
            seen.append(len(inside))
            sleep(0.01)
            inside.remove(picture)
            return load(picture)

        monkeypatch.setattr(ImageFile.ImageFile, "load", slow)
        with ThreadPoolExecutor(4) as four:
            assert len(list(four.map(clean, [jpeg()] * 4))) == 4
        assert set(seen) == {1}

    @pytest.mark.parametrize(("brand", "kind"), [(b"heic", "HEIC"), (b"mif1", "HEIC"), (b"avif", "AVIF")])
    def test_what_a_newer_phone_writes_is_told_how_to_send_another(self, brand, kind):
        with pytest.raises(Refusal, match=f"of the kind {kind}.*JPEG"):
            clean(b"\x00\x00\x00\x18ftyp" + brand + bytes(40))

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
    def test_every_depth_of_colour_is_read(self, mode):
        kept = BytesIO()
        Image.new(mode, (2000, 30)).save(kept, "PNG")
        with Image.open(BytesIO(clean(kept.getvalue())[0])) as opened:
            assert opened.size == (LARGE, 24)

    def test_of_a_file_that_is_two_things_only_the_pixels_stay(self):
        script = b"<script>alert('canary')</script>PK\x03\x04"
        for kept in clean(jpeg() + script):
            assert b"canary" not in kept
            assert b"PK\x03\x04" not in kept

    @pytest.mark.filterwarnings("ignore::UserWarning")
    def test_whatever_is_in_it_there_is_a_photo_or_a_sentence(self):
        chance, sent, kept = Random(5), jpeg(), 0
        for _time in range(100):
            at, noise = chance.randrange(len(sent)), chance.randbytes(chance.randrange(1, 40))
            try:
                kept += len(clean(sent[:at] + noise + sent[at + len(noise) :])) == 2
            except Refusal:
                continue
        assert 0 < kept < 100


def accepted(service: str = "") -> Shift:
    kind = make.service(minutes=120)
    if service:
        kind.credential = service
        kind.save()
    return make.accepted(starts_at=NINE, at=NOW, service=kind)


def started() -> Shift:
    shift = accepted()
    shift.start(at=NINE, by=shift.member.user)
    return shift


def take(shift: Shift, *, at=NINE, moment: str = "before") -> Photo:
    return Photo.take(shift, photo=jpeg(), moment=moment, at=at, by=shift.member.user)


@pytest.mark.django_db
class TestWhen:
    def test_from_the_start_to_two_hours_after_the_end(self, ana):
        shift = accepted()
        with pytest.raises(Refusal, match="from the start"):
            take(shift, at=NINE)
        shift.start(at=NINE, by=ana.user)
        take(shift, at=NINE)
        shift.complete(at=NINE + HOUR, by=ana.user)
        take(shift, at=NINE + 3 * HOUR, moment="after")
        with pytest.raises(Refusal, match="two hours after"):
            take(shift, at=NINE + 3 * HOUR + MINUTE)
        assert [one.moment for one in Photo.objects.of_visit(shift.visit_id)] == ["before", "after"]

    def test_never_where_somebody_is_cared_for(self, ana):
        make.credential(ana)
        shift = accepted("hha")
        shift.start(at=NINE, by=ana.user)
        with pytest.raises(Refusal, match="cared for"):
            take(shift)

    def test_six_a_visit(self, ana):
        shift = started()
        for _time in range(6):
            take(shift)
        with pytest.raises(Refusal, match="six photos"):
            take(shift)

    def test_they_are_deleted_after_ninety_days(self, ana, time_machine):
        take(started())
        for days, left in ((90, 1), (91, 0)):
            time_machine.move_to(NINE + days * DAY, tick=False)
            sweep_notes()
            assert Photo.objects.count() == left


@pytest.mark.django_db
class TestOnThePhone:
    @pytest.fixture(autouse=True)
    def at_the_visit(self, ana: Member, time_machine) -> None:
        self.shift, self.browser = started(), signed_in(ana)
        self.page = reverse("take_photo", args=[self.shift.pk])
        time_machine.move_to(NINE + HOUR, tick=False)

    def send(self, data: bytes, **more: str):
        sent = {"photo": SimpleUploadedFile("photo.jpg", data, "image/jpeg"), "moment": "after", **more}
        return self.browser.post(self.page, sent)

    def test_a_photo_with_a_place_goes_in_and_without_one_comes_out(self):
        assert self.page in words(self.browser.get("/today"))
        assert said(self.send(jpeg())) == ["The photo is kept, without where and when it was taken."]
        for name in ("photo", "small_photo"):
            answer = self.browser.get(reverse(name, args=[Photo.objects.get().pk]))
            assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
            assert "no-store" in answer["Cache-Control"]
            assert CANARY.encode() not in answer.content
            with Image.open(BytesIO(answer.content)) as opened:
                assert dict(opened.getexif()) == {}

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"", "We cannot read this as a photo."),
            (b"no photo", "We cannot read this as a photo."),
            (b"x" * (MOST_BYTES + 1), "This file is larger than 8 MB."),
        ],
        ids=["nothing", "no photo", "large"],
    )
    def test_anything_else_gets_a_sentence(self, data, sentence):
        answer = self.send(data)
        assert (answer.status_code, sentence in words(answer), Photo.objects.exists()) == (200, True, False)

    def test_what_is_missing_is_asked_for(self):
        assert "Please choose a photo." in words(self.browser.post(self.page, {"moment": "after"}))
        assert "Please say whether it is before or after." in words(self.send(jpeg(), moment=""))

    def test_what_is_far_too_large_is_not_even_taken_in(self, monkeypatch):
        monkeypatch.setattr("coop.web.uploads.FAR_TOO_MUCH", 9_999)
        answer = self.send(b"x" * 10_000)
        assert (answer.status_code, Photo.objects.exists()) == (413, False)
        assert "larger than 8 MB" in words(answer)

    def test_seen_by_those_whom_the_visit_concerns_and_nobody_else(self, ana, bo, sol, lee):
        photo = take(self.shift)
        household = self.shift.home.client.user
        people = {ana: 200, sol: 200, household: 200, bo: 404, lee: 404}
        for name in ("photo", "small_photo"):
            address = reverse(name, args=[photo.pk])
            assert {person: signed_in(person).get(address).status_code for person in people} == people
        small = reverse("small_photo", args=[photo.pk])
        visit = reverse("visit", args=[self.shift.visit_id])
        assert [small in words(signed_in(person).get(visit)) for person in (household, sol)] == [True, True]

    def test_whoever_took_it_the_household_and_the_office_can_delete_it(self, ana, bo, sol):
        household = self.shift.home.client.user
        for person, left in ((bo, 1), (ana, 0), (household, 0), (sol, 0)):
            photo = take(self.shift)
            signed_in(person).post(reverse("remove_photo", args=[photo.pk]))
            assert Photo.objects.count() == left
            Photo.objects.all().delete()
