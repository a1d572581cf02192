"""The people of a province: accounts, roles, a first password that is shown once."""

from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from owso.accounts.models import OpenSession, User
from owso.accounts.permissions import Verb
from owso.accounts.sessions import is_fresh
from owso.accounts.standing import has_second_step
from owso.errors import Conflict, DomainError, Invalid, NotFound
from owso.formats import name_of
from owso.middleware import status_of
from services.catalogue.models import Sector
from services.offices.actions import add_person, give_role, take_role
from services.offices.models import StaffRole
from services.offices.people import people_in_reach, reaches_all
from services.offices.queries import all_offices
from services.web.access import StaffRequest, needs
from services.web.counter.fields import add_domain_errors
from services.web.flash import said, say
from services.web.office.asked import number_asked
from services.web.office.forms import PersonForm, RoleForm

PAGE = 50
MOST_SECTORS = 2


@needs(Verb.LET_IN)
@require_safe
def people(request: StaffRequest) -> HttpResponse:
    """List the accounts within reach, those of one office or with a part of the name."""
    text = request.GET.get("name", "").replace("\x00", "").strip()[:60]
    chosen, page = number_asked(request, "office"), number_asked(request, "page") or 1
    found = people_in_reach(request.actor).order_by("-is_active", "full_name_km", "pk")
    if chosen:
        found = found.filter(pk__in=StaffRole.objects.filter(office_id=chosen).values("user"))
    if text:
        found = found.filter(Q(full_name_km__icontains=text) | Q(username__icontains=text.lower()))
    roles = StaffRole.objects.select_related("office", "sector").order_by("office", "role", "pk")
    start = (min(page, 10_000) - 1) * PAGE
    rows = list(found.prefetch_related(Prefetch("staff_roles", roles))[start : start + PAGE + 1])
    context = {
        "rows": [(row, _roles_of(row)) for row in rows[:PAGE]],
        "following": page + 1 if len(rows) > PAGE else None,
        "name": text,
        "chosen": chosen,
        "offices": all_offices() if reaches_all(request.actor) else (),
        "office": request.desk,
        "here": "people",
    }
    return render(request, "office/people.html", context)


@needs(Verb.MANAGE_OFFICES)
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Make an account and show its first password, this once."""
    form = PersonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            user, password = add_person(form.person(), by=request.actor)
            return password_page(request, user, password)
        except Invalid as error:
            add_domain_errors(form, error, {})
    context = {"form": form, "office": request.desk, "here": "people"}
    status = 422 if form.errors else 200
    return render(request, "office/new_person.html", context, status=status)


@needs(Verb.LET_IN)
@require_safe
def person(request: StaffRequest, user_id: int) -> HttpResponse:
    """Show one account with its roles, and what can be done for it."""
    return show_person(request, user_id)


@needs(Verb.MANAGE_OFFICES)
@require_POST
def give(request: StaffRequest, user_id: int) -> HttpResponse:
    """Give somebody one more role."""
    form = _role_form(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        sector_id = int(data["sector"]) if data["sector"] else None
        try:
            give_role(
                user_id,
                data["role"],
                office_id=int(data["office"]),
                sector_id=sector_id,
                by=request.actor,
            )
            say(request, _("The role was given."))
            return redirect("person", user_id=user_id)
        except Invalid as error:
            add_domain_errors(form, error, {})
    return show_person(request, user_id, form=form)


@needs(Verb.MANAGE_OFFICES)
@require_POST
def take(request: StaffRequest, user_id: int, role_id: int) -> HttpResponse:
    """Take a role away."""
    if not StaffRole.objects.filter(pk=role_id, user_id=user_id).exists():
        raise NotFound
    try:
        take_role(role_id, by=request.actor)
    except Conflict as error:
        return show_person(request, user_id, trouble=error)
    say(request, _("The role was taken away."))
    if user_id == request.actor.user_id:
        return redirect("home")
    return redirect("person", user_id=user_id)


def show_person(
    request: StaffRequest,
    user_id: int,
    *,
    form: RoleForm | None = None,
    trouble: DomainError | None = None,
    reason: str = "",
) -> HttpResponse:
    """Render the page of one account within reach, with what was wrong."""
    found = people_in_reach(request.actor).filter(pk=user_id).first()
    if found is None:
        raise NotFound
    roles = StaffRole.objects.filter(user=found).select_related("office", "sector")
    context = {
        "person": found,
        "roles": roles.order_by("office", "role", "pk"),
        "form": form or _role_form(),
        "wrong": form if form and form.errors else None,
        "trouble": trouble,
        "reason": reason,
        "is_me": user_id == request.actor.user_id,
        "is_fresh": is_fresh(request),
        "manages": reaches_all(request.actor),
        "sessions": OpenSession.objects.filter(user=found).count(),
        "has_second_step": has_second_step(found),
        "said": said(request),
        "office": request.desk,
        "here": "people",
    }
    status = status_of(trouble) if trouble else 422 if context["wrong"] else 200
    return render(request, "office/person.html", context, status=status)


def _roles_of(row: User) -> list[str]:
    """The roles of a person in words, those for several sectors on one line."""
    sectors: dict[tuple[str, str], list[str]] = {}
    for role in row.staff_roles.all():
        found = sectors.setdefault((role.get_role_display(), name_of(role.office)), [])
        if role.sector is not None:
            found.append(name_of(role.sector))
    return [" · ".join(filter(None, (*key, _sectors(names)))) for key, names in sectors.items()]


def _sectors(names: list[str]) -> str:
    if len(names) <= MOST_SECTORS:
        return ", ".join(names)
    text = ngettext("%(count)s sector", "%(count)s sectors", len(names))
    return text % {"count": len(names)}


def password_page(request: StaffRequest, user: User, password: str) -> HttpResponse:
    """Answer with the password itself: it is not kept for a page that comes after."""
    context = {"person": user, "password": password, "office": request.desk, "here": "people"}
    return render(request, "office/password.html", context)


def _role_form(data: object = None) -> RoleForm:
    offices = [(str(each.id), name_of(each)) for each in all_offices()]
    sectors = [(str(each.pk), name_of(each)) for each in Sector.objects.order_by("sort_order")]
    return RoleForm(data, offices=offices, sectors=sectors)
