"""Addresses of accounts, components and data; `designer.urls` joins them."""

from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Answers when the process serves."""
    return HttpResponse("ok", content_type="text/plain")


site: list[URLPattern] = [
    path("", lambda request: HttpResponseRedirect("/admin/"), name="home"),
    path("healthz", healthz, name="healthz"),
    path("login/", auth.LoginView.as_view(template_name="account/login.html"), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
]
pages: list[URLPattern] = []
api: list[URLPattern] = []
site_api: list[URLPattern] = []
