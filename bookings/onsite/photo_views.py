"""Photos of a visit: taking them, looking at them, taking them away again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.form_fields import posted
from bookings.onsite.photos import Photo
from bookings.onsite.visit_forms import PhotoForm
from bookings.policies import PHOTO_DAYS
from bookings.visits.shifts.shifts import Shift
from coop.web.http import Request, back, form_succeeded, get_for


@require_http_methods(["GET", "HEAD", "POST"])
def take_photo(request: Request, shift_id: int) -> HttpResponse:
    """The photos of a worker's visit, and one more."""
    shift = get_for(request, "take_photo", Shift.objects.visible_to(request.user).with_related(), pk=shift_id)
    form = PhotoForm(posted(request), request.FILES or None)
    if form_succeeded(form, lambda: form.take(shift, at=timezone.now(), by=request.user)):
        messages.success(request, _("The photo is kept, without where and when it was taken."))
        return redirect("take_photo", shift.pk)
    context = {"shift": shift, "form": form, "photos": Photo.objects.of_visit(shift.visit_id)}
    context["days"] = PHOTO_DAYS.on(timezone.localdate())
    return render(request, "bookings/onsite/take_photos.html", context)


@require_safe
def photo(request: Request, photo_id: int) -> HttpResponse:
    """One photo."""
    found = get_object_or_404(Photo.objects.visible_to(request.user).defer("small"), pk=photo_id)
    return HttpResponse(bytes(found.large), content_type="image/jpeg")


@require_safe
def small_photo(request: Request, photo_id: int) -> HttpResponse:
    """The same for a list, a few kilobytes."""
    found = get_object_or_404(Photo.objects.visible_to(request.user).defer("large"), pk=photo_id)
    return HttpResponse(bytes(found.small), content_type="image/jpeg")


@require_POST
def remove_photo(request: Request, photo_id: int) -> HttpResponse:
    """Take a photo away for good: whoever took it, the household whose home it shows, or a coordinator."""
    rows = Photo.objects.visible_to(request.user).select_related("shift__visit__booking__home__client")
    found = get_for(request, "remove", rows.defer("large", "small"), pk=photo_id)
    found.delete()
    messages.success(request, _("The photo is deleted."))
    return back(request, "home")
