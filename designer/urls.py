"""Every address of the site. Each app lists its own; here they are only joined.

The project's root is the one place that knows all three apps, `runner` too.
"""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

import designer.routes
import registry.urls
import runner.urls

api = [
    *registry.urls.api,
    *designer.routes.api,
    *runner.urls.api,
]
pages = [
    *registry.urls.pages,
    *designer.routes.pages,
    *runner.urls.pages,
]

urlpatterns = [
    *registry.urls.site,
    path("w/<slug:workspace>/", include(pages)),
    path("api/v1/workspaces/<slug:workspace>/", include(api)),
    path("api/v1/", include(registry.urls.site_api)),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("admin/", admin.site.urls),
]

handler404 = "registry.problems.not_found"

websocket_urlpatterns = [*designer.routes.sockets, *runner.urls.sockets]
