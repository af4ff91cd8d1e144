"""Addresses of runs, steps and artifacts; `designer.urls` joins them."""

from django.urls import path

from runner import views
from runner.api import artifacts, runs
from runner.consumers import RunConsumer, RunFeedConsumer

pages = [
    path("runs/", views.run_list, name="run-list"),
    path("runs/<int:pk>/", views.run_page, name="run"),
]
api = [
    path("runs/", runs.RunListAPI.as_view()),
    path("runs/<int:pk>/", runs.RunAPI.as_view()),
    path("runs/<int:pk>/cancel/", runs.RunCancelAPI.as_view()),
    path("runs/<int:pk>/steps/<slug:node>/", runs.StepAPI.as_view()),
    path("runs/<int:pk>/steps/<slug:node>/log/", runs.StepLogAPI.as_view()),
    path("pipelines/<int:pk>/runs/", runs.PipelineRunsAPI.as_view()),
    path("artifacts/<int:pk>/preview/", artifacts.ArtifactPreviewAPI.as_view()),
    path("artifacts/<int:pk>/download/", artifacts.ArtifactDownloadAPI.as_view()),
    path("artifacts/<int:pk>/files/<path:path>", artifacts.ArtifactFileAPI.as_view()),
]
sockets = [
    path("ws/w/<slug:workspace>/runs/", RunFeedConsumer.as_asgi()),
    path("ws/w/<slug:workspace>/runs/<int:pk>/", RunConsumer.as_asgi()),
]
