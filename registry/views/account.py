"""Log-in, and what people change about themselves."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from registry.models import ApiToken, User, Workspace
from registry.services.login import address_of, login_failed, login_paused, login_succeeded
from registry.services.tokens import token_create, token_revoke


class LoginForm(AuthenticationForm):
    """Refuses to check passwords during a pause after too many failures."""

    def clean(self) -> dict[str, Any]:
        account = self.cleaned_data.get("username") or ""
        address = address_of(self.request) if self.request else ""
        if login_paused(account=account, address=address):
            raise forms.ValidationError(
                "Too many failed log-ins from here. Wait 15 minutes and try again.", code="paused"
            )
        try:
            cleaned: dict[str, Any] = super().clean()
        except forms.ValidationError:
            login_failed(account=account, address=address)
            raise
        login_succeeded(account=account, address=address)
        return cleaned


class Login(LoginView):
    template_name = "account/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name", "email"]
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }


class PasswordForm(PasswordChangeForm):
    """Django's, without the focus: it is the last form of a longer page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].widget.attrs.pop("autofocus", None)
        self.fields["new_password2"].help_text = ""


class TokenForm(forms.Form):
    name = forms.CharField(max_length=100, label="Name", widget=forms.TextInput(attrs={"placeholder": "Laptop"}))
    days = forms.TypedChoiceField(
        label="Valid for",
        coerce=lambda value: int(value) if value else None,
        empty_value=None,
        required=False,
        choices=[("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("", "ever")],
        initial="90",
    )
    workspace = forms.ChoiceField(label="Works in", required=False)
    scopes = forms.MultipleChoiceField(
        choices=[choice for choice in ApiToken.Scope.choices if choice[0] != ApiToken.Scope.VIEW],
        initial=[ApiToken.Scope.EDIT, ApiToken.Scope.RUN],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Workspace.objects.filter(members=user).values_list("slug", "name")
        self.fields["workspace"].choices = [("", "all workspaces"), *found]  # type: ignore[attr-defined]


def account(request: HttpRequest) -> HttpResponse:
    """Name, e-mail, theme, password and tokens on one page; each form posts to its own address."""
    return _page(request)


@require_POST
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST, instance=User.objects.get(pk=_user(request).pk))
    if not form.is_valid():
        return _page(request, profile_form=form)
    form.save()
    messages.success(request, "Your name and address are saved.")
    return redirect("account")


@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Other sessions of the account end; this one stays."""
    form = PasswordForm(_user(request), request.POST)
    if not form.is_valid():
        return _page(request, password_form=form)
    update_session_auth_hash(request, form.save())
    messages.success(request, "Your password is changed.")
    return redirect("account")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Answers 204: the browser has applied it already."""
    chosen = request.POST.get("theme", "")
    if chosen not in User.Theme.values:
        return HttpResponse("The theme is system, light or dark.", status=422, content_type="text/plain")
    User.objects.filter(pk=_user(request).pk).update(theme=chosen)
    return HttpResponse(status=204)


@require_POST
def token_new(request: HttpRequest) -> HttpResponse:
    """The secret is in this answer and nowhere else."""
    form = TokenForm(_user(request), request.POST)
    if not form.is_valid():
        return _page(request, token_form=form)
    token, secret = token_create(user=_user(request), **form.cleaned_data)
    response = _page(request, secret=secret, new_token=token)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def token_delete(request: HttpRequest, token: int) -> HttpResponse:
    found = get_object_or_404(ApiToken, pk=token, user=_user(request))
    token_revoke(token=found)
    messages.success(request, f"The token “{found.name}” is revoked.")
    return redirect("account")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _page(request: HttpRequest, **given: Any) -> HttpResponse:
    context = {
        "profile_form": ProfileForm(instance=User.objects.get(pk=_user(request).pk)),
        "password_form": PasswordForm(_user(request)),
        "token_form": TokenForm(_user(request)),
        "tokens": ApiToken.objects.filter(user=_user(request)).select_related("workspace"),
        "themes": User.Theme.choices,
    }
    return render(request, "account/account.html", context | given)
