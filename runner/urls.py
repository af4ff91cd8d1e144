"""Addresses of runs, steps and artifacts; `designer.urls` joins them."""

from django.urls import path

from runner import cache_views, compute_views, environment_views, schedule_views, views
from runner.api import (
    artifacts,
    cache,
    compare,
    draft_tests,
    job_events,
    job_files,
    jobs,
    queues,
    results,
    runs,
    schedules,
)
from runner.consumers import RunConsumer, RunFeedConsumer

pages = [
    path("compute/", compute_views.compute_list, name="compute-list"),
    path("runs/", views.run_list, name="run-list"),
    path("runs/<int:pk>/", views.run_page, name="run"),
    path("runs/<int:pk>/delete/", views.run_remove, name="run-delete"),
    path("environments/<str:name>/<str:version>/build/", environment_views.environment_build, name="environment-build"),
    path("runs/<int:pk>/archive/", views.run_put_away, name="run-archive"),
    path("runs/<int:pk>/restore/", views.run_take_back, name="run-restore"),
    path("schedules/", schedule_views.schedule_list, name="schedule-list"),
    # No schedule's name begins with a hyphen.
    path("schedules/-/new/", schedule_views.create, name="schedule-create"),
    path("schedules/-/preview/", schedule_views.preview, name="schedule-preview"),
    path("schedules/<str:name>/", schedule_views.schedule_page, name="schedule"),
    path("schedules/<str:name>/edit/", schedule_views.edit, name="schedule-edit"),
    path("schedules/<str:name>/do/<str:verb>/", schedule_views.act, name="schedule-act"),
    path("cache/", cache_views.result_list, name="result-list"),
    path("cache/evict/", cache_views.results_evict, name="results-evict"),
    path("cache/<int:pk>/pin/", cache_views.result_pin, name="result-pin"),
    path("cache/<int:pk>/evict/", cache_views.result_evict, name="result-evict"),
]
api = [
    path("component-drafts/<int:pk>/test/", draft_tests.DraftTestAPI.as_view()),
    path("queues/", queues.QueuesAPI.as_view()),
    path("runs/", runs.RunListAPI.as_view()),
    path("runs/<int:pk>/", runs.RunAPI.as_view()),
    path("runs/<int:pk>/cancel/", runs.RunCancelAPI.as_view()),
    path("runs/<int:pk>/resume/", runs.RunResumeAPI.as_view()),
    path("runs/<int:pk>/iterations/", runs.IterationsAPI.as_view()),
    path("runs/<int:pk>/steps/<str:node>/", runs.StepAPI.as_view()),
    path("runs/<int:pk>/steps/<str:node>/log/", runs.StepLogAPI.as_view()),
    path("runs/<int:pk>/steps/<str:node>/tracking/", runs.StepTrackingAPI.as_view()),
    path("pipelines/<int:pk>/results/", results.PipelineResultsAPI.as_view()),
    path("pipelines/<int:pk>/runs/", runs.PipelineRunsAPI.as_view()),
    path("pipelines/<int:pk>/compare/", compare.PipelineCompareAPI.as_view()),
    path("jobs/", jobs.JobListAPI.as_view()),
    path("jobs/<str:name>/", jobs.JobAPI.as_view()),
    path("jobs/<str:name>/cancel/", jobs.JobCancelAPI.as_view()),
    path("jobs/<str:name>/archive/", jobs.JobArchiveAPI.as_view()),
    path("jobs/<str:name>/restore/", jobs.JobRestoreAPI.as_view()),
    path("jobs/<str:name>/yaml/", jobs.JobYamlAPI.as_view()),
    path("jobs/<str:name>/steps/", jobs.JobStepsAPI.as_view()),
    path("jobs/<str:name>/events/", job_events.JobEventsAPI.as_view()),
    path("jobs/<str:name>/download/", job_files.JobDownloadAPI.as_view()),
    path("schedules/", schedules.ScheduleListAPI.as_view()),
    # No schedule's name begins with a hyphen.
    path("schedules/-/preview/", schedules.SchedulePreviewAPI.as_view()),
    path("schedules/<str:name>/", schedules.ScheduleAPI.as_view()),
    path("schedules/<str:name>/enable/", schedules.ScheduleEnableAPI.as_view()),
    path("schedules/<str:name>/disable/", schedules.ScheduleDisableAPI.as_view()),
    path("schedules/<str:name>/trigger/", schedules.ScheduleTriggerAPI.as_view()),
    path("schedules/<str:name>/fires/", schedules.ScheduleFiresAPI.as_view()),
    path("cache/", cache.ResultListAPI.as_view()),
    path("cache/summary/", cache.ResultSummaryAPI.as_view()),
    path("cache/evict/", cache.ResultsEvictAPI.as_view()),
    path("cache/<int:pk>/", cache.ResultAPI.as_view()),
    path("cache/<int:pk>/pin/", cache.ResultPinAPI.as_view()),
    path("cache/<int:pk>/unpin/", cache.ResultUnpinAPI.as_view()),
    path("artifacts/<int:pk>/preview/", artifacts.ArtifactPreviewAPI.as_view()),
    path("artifacts/<int:pk>/download/", artifacts.ArtifactDownloadAPI.as_view()),
    path("artifacts/<int:pk>/files/<path:path>", artifacts.ArtifactFileAPI.as_view()),
]
sockets = [
    path("ws/w/<slug:workspace>/runs/", RunFeedConsumer.as_asgi()),
    path("ws/w/<slug:workspace>/runs/<int:pk>/", RunConsumer.as_asgi()),
]
