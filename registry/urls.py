"""Addresses of accounts, workspaces, components and data; `designer.urls` joins them."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from registry.api import access, catalog, components, compute, data, drafts, environments
from registry.views import account, workspaces
from registry.views import components as component_pages
from registry.views import compute as compute_pages
from registry.views import data as data_pages
from registry.views import drafts as draft_pages
from registry.views import environments as environment_pages
from registry.views import site as site_views

site: list[URLPattern] = [
    path("", site_views.home, name="home"),
    path("healthz", site_views.healthz, name="healthz"),
    path("favicon.ico", site_views.favicon),
    path("login/", account.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/", account.account, name="account"),
    path("account/profile/", account.profile, name="account-profile"),
    path("account/password/", account.password, name="account-password"),
    path("account/theme/", account.theme, name="account-theme"),
    path("account/tokens/", account.token_new, name="token-create"),
    path("account/tokens/<int:token>/revoke/", account.token_delete, name="token-revoke"),
    path("workspaces/new/", workspaces.create, name="workspace-create"),
]
pages: list[URLPattern] = [
    path("", workspaces.open_workspace, name="workspace-open"),
    path("settings/", workspaces.settings, name="workspace-settings"),
    path("settings/rename/", workspaces.rename, name="workspace-rename"),
    path("settings/members/", workspaces.add_member, name="member-add"),
    path("settings/members/<int:member>/", workspaces.change_member, name="member-change"),
    path("settings/members/<int:member>/remove/", workspaces.remove_member, name="member-remove"),
    path("components/", component_pages.component_list, name="component-list"),
    # No component's name has a hyphen.
    path("components/by-upload/", component_pages.register, name="component-register"),
    path("components/by-code/", draft_pages.draft_new, name="component-write"),
    path("components/by-code/<int:pk>/", draft_pages.draft_page, name="component-draft"),
    path("components/<str:name>/", component_pages.component_detail, name="component-detail"),
    path("components/<str:name>/<str:version>/edit/", draft_pages.draft_of, name="component-edit"),
    path("components/<str:name>/archive/", component_pages.archive, name="component-archive"),
    path("components/<str:name>/restore/", component_pages.restore, name="component-restore"),
    path("components/<str:name>/<str:version>/source/", component_pages.component_source, name="component-source"),
    path(
        "components/<str:name>/<str:version>/download/",
        component_pages.component_download,
        name="component-download",
    ),
    path("environments/", environment_pages.environment_list, name="environment-list"),
    # No environment's name begins with a hyphen.
    path("environments/-/new/", environment_pages.create, name="environment-create"),
    path("environments/<str:name>/", environment_pages.environment_detail, name="environment-detail"),
    path("environments/<str:name>/<str:version>/archive/", environment_pages.archive, name="environment-archive"),
    path("environments/<str:name>/<str:version>/restore/", environment_pages.restore, name="environment-restore"),
    path("compute/new/", compute_pages.create, name="compute-create"),
    path("compute/<str:name>/edit/", compute_pages.edit, name="compute-edit"),
    path("compute/<str:name>/archive/", compute_pages.archive, name="compute-archive"),
    path("compute/<str:name>/restore/", compute_pages.restore, name="compute-restore"),
    path("data/", data_pages.data_list, name="data-list"),
    path("data/<str:name>/<str:version>/preview/", data_pages.data_preview, name="data-preview"),
    path("data/<str:name>/<str:version>/archive/", data_pages.archive, name="data-archive"),
    path("data/<str:name>/<str:version>/restore/", data_pages.restore, name="data-restore"),
]
api: list[URLPattern] = [
    path("catalog/", catalog.Catalog.as_view(), name="api-catalog"),
    path("components/", components.Components.as_view(), name="api-components"),
    path("component-drafts/", drafts.ComponentDrafts.as_view(), name="api-component-drafts"),
    path("component-drafts/<int:pk>/", drafts.ComponentDraftDetail.as_view(), name="api-component-draft"),
    path("component-drafts/<int:pk>/register/", drafts.ComponentDraftRegister.as_view()),
    path("components/<str:name>/", components.ComponentDetail.as_view(), name="api-component"),
    path("components/<str:name>/restore/", components.ComponentRestore.as_view(), name="api-component-restore"),
    path(
        "components/<str:name>/versions/<str:version>/",
        components.ComponentVersionDetail.as_view(),
        name="api-component-version",
    ),
    path(
        "components/<str:name>/versions/<str:version>/download/",
        components.ComponentDownload.as_view(),
        name="api-component-download",
    ),
    path("environments/", environments.Environments.as_view(), name="api-environments"),
    path("environments/<str:name>/", environments.EnvironmentVersions.as_view(), name="api-environment"),
    path(
        "environments/<str:name>/versions/<str:version>/",
        environments.EnvironmentVersion.as_view(),
        name="api-environment-version",
    ),
    path(
        "environments/<str:name>/versions/<str:version>/restore/",
        environments.EnvironmentRestore.as_view(),
        name="api-environment-restore",
    ),
    path("compute/", compute.ComputeTargets.as_view(), name="api-compute"),
    path("compute/<str:name>/", compute.ComputeDetail.as_view(), name="api-compute-target"),
    path("compute/<str:name>/restore/", compute.ComputeRestore.as_view(), name="api-compute-restore"),
    path("data/", data.Data.as_view(), name="api-data"),
    path("data/<str:name>/versions/<str:version>/", data.DataVersion.as_view(), name="api-data-version"),
    path("data/<str:name>/versions/<str:version>/download/", data.DataDownload.as_view(), name="api-data-download"),
    path("data/<str:name>/versions/<str:version>/restore/", data.DataRestore.as_view(), name="api-data-restore"),
    path("models/", data.Models.as_view(), name="api-models"),
    path("models/<str:name>/versions/<str:version>/", data.ModelVersion.as_view(), name="api-model-version"),
    path("models/<str:name>/versions/<str:version>/download/", data.ModelDownload.as_view(), name="api-model-download"),
    path("models/<str:name>/versions/<str:version>/restore/", data.ModelRestore.as_view(), name="api-model-restore"),
    path("members/", access.Members.as_view(), name="api-members"),
    path("members/<int:member>/", access.Member.as_view(), name="api-member"),
]
site_api: list[URLPattern] = [
    path("me/", access.Me.as_view(), name="api-me"),
    path("workspaces/", access.Workspaces.as_view(), name="api-workspaces"),
    path("tokens/", access.Tokens.as_view(), name="api-tokens"),
    path("tokens/<int:token>/", access.Token.as_view(), name="api-token"),
]
