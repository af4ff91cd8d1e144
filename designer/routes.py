"""Addresses of pipelines and templates; `designer.urls` joins them."""

from django.urls import path

from designer import template_views, views
from designer.api import collapsing as collapse_api
from designer.api import components as component_api
from designer.api import exports as export_api
from designer.api import imports as import_api
from designer.api import joins as joins_api
from designer.api import pipelines as api_views
from designer.api import versions as version_api
from designer.api import yaml_view as yaml_api
from designer.consumers import PipelineConsumer
from designer.import_views import import_page

pages = [
    path("pipelines/", views.pipeline_list, name="pipeline-list"),
    path("pipelines/import/", import_page, name="pipeline-import"),
    path("pipelines/new/", views.pipeline_create, name="pipeline-create"),
    path("pipelines/<int:pk>/", views.designer, name="pipeline"),
    path("pipelines/<int:pk>/rename/", views.pipeline_rename, name="pipeline-rename"),
    path("pipelines/<int:pk>/clone/", views.pipeline_clone, name="pipeline-clone"),
    path("pipelines/<int:pk>/delete/", views.pipeline_delete, name="pipeline-delete"),
    path("pipelines/<int:pk>/restore/", views.pipeline_restore, name="pipeline-restore"),
    path("pipelines/<int:pk>/thumbnail.webp", views.pipeline_thumbnail, name="pipeline-thumbnail"),
    path("pipelines/uses/<slug:name>/", views.pipeline_uses, name="pipeline-uses"),
    path("components/<str:name>/<str:version>/inside/", views.component_inside, name="component-inside"),
    path("components/<str:name>/<str:version>/graph.webp", views.component_picture, name="component-picture"),
    path("components/<str:name>/<str:version>/open/", views.component_open, name="component-open"),
    path("pipelines/<int:pk>/template/", template_views.template_make, name="template-make"),
    path("templates/", template_views.template_list, name="template-list"),
    path("templates/<slug:slug>/use/", template_views.template_use, name="template-use"),
    path("templates/<slug:slug>/delete/", template_views.template_delete, name="template-delete"),
    path("templates/<slug:slug>/thumbnail.webp", views.template_thumbnail, name="template-thumbnail"),
]
api = [
    path("pipelines/", api_views.PipelineListAPI.as_view()),
    path("pipelines/import/", import_api.PipelineImportAPI.as_view()),
    path("pipelines/<int:pk>/", api_views.PipelineAPI.as_view()),
    path("pipelines/<int:pk>/clone/", api_views.PipelineCloneAPI.as_view()),
    path("pipelines/<int:pk>/restore/", api_views.PipelineRestoreAPI.as_view()),
    path("pipelines/<int:pk>/snapshot/", api_views.PipelineSnapshotAPI.as_view()),
    path("pipelines/<int:pk>/collapse/", collapse_api.PipelineCollapseAPI.as_view()),
    path("pipelines/<int:pk>/expand/", collapse_api.PipelineExpandAPI.as_view()),
    path("pipelines/<int:pk>/operations/", api_views.PipelineOperationsAPI.as_view()),
    path("pipelines/<int:pk>/history/", version_api.PipelineHistoryAPI.as_view()),
    path("pipelines/<int:pk>/revisions/<int:revision>/", version_api.PipelineRevisionAPI.as_view()),
    path("pipelines/<int:pk>/revisions/<int:revision>/restore/", version_api.PipelineRevisionRestoreAPI.as_view()),
    path("pipelines/<int:pk>/versions/", version_api.VersionListAPI.as_view()),
    path("pipelines/<int:pk>/versions/<str:name>/", version_api.VersionAPI.as_view()),
    path("pipelines/<int:pk>/versions/<str:name>/restore/", version_api.VersionRestoreAPI.as_view()),
    path("pipelines/<int:pk>/export/", export_api.PipelineExportAPI.as_view()),
    path("pipelines/<int:pk>/export/check/", export_api.PipelineExportCheckAPI.as_view()),
    path("pipelines/<int:pk>/yaml/", yaml_api.PipelineYamlAPI.as_view()),
    path("pipelines/<int:pk>/yaml/check/", yaml_api.PipelineYamlCheckAPI.as_view()),
    path("pipelines/<int:pk>/component/", component_api.PipelineComponentAPI.as_view()),
    path("components/<str:name>/versions/<str:version>/graph/", component_api.ComponentGraphAPI.as_view()),
    path("components/<str:name>/versions/<str:version>/open/", component_api.ComponentOpenAPI.as_view()),
    path("joins/", joins_api.JoinsAPI.as_view()),
    path("templates/", api_views.TemplateListAPI.as_view()),
]
sockets = [path("ws/w/<slug:workspace>/pipelines/<int:pk>/", PipelineConsumer.as_asgi())]
