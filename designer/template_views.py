"""Pages of templates: the gallery, opening one, making one. `templates/README.md` lists what each expects."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from designer.models import Template
from designer.selectors import find_pipeline, find_template
from designer.services.pipelines import pipeline_from_template
from designer.services.templates import template_create
from designer.template_forms import OpenForm, TemplateForm
from registry.scope import WorkspaceRequest, in_workspace


@require_GET
@in_workspace()
def template_list(request: WorkspaceRequest) -> HttpResponse:
    """The gallery, narrowed by category and by words."""
    every = list(Template.objects.filter(workspace=request.workspace))
    category, words = request.GET.get("category", ""), request.GET.get("q", "").strip()[:200]
    found = [template for template in every if category in ("", template.category)]
    for word in words.lower().split():
        found = [each for each in found if word in f"{each.title} {each.description} {each.category}".lower()]
    context = {
        "categories": sorted({template.category for template in every}),
        "category": category,
        "q": words,
        "templates": [
            {
                "slug": template.slug,
                "title": template.title,
                "description": template.description,
                "category": template.category,
                "builtin": template.builtin,
                "steps": len(template.document["nodes"]),
            }
            for template in found
        ],
    }
    return render(request, "designer/template_list.html", context)


@in_workspace("edit")
def template_use(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Start a pipeline from a template and open it; one that asks for something shows a form first."""
    template = find_template(request.workspace, slug)
    name = request.POST.get("name", "").strip()[:200]
    asked = "asked" in request.POST or not template.asks
    form = OpenForm(template, request.POST if "asked" in request.POST else None)
    if request.method != "POST" or not asked or (template.asks and not form.is_valid()):
        return render(request, "designer/template_open.html", {"template": template, "form": form})
    given = form.cleaned_data if template.asks else {}
    made = pipeline_from_template(template=template, user=request.user, name=name, values=given)
    return HttpResponseRedirect(reverse("pipeline", kwargs={"workspace": request.workspace.slug, "pk": made.pk}))


@in_workspace("edit")
def template_make(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Offer a pipeline in the gallery."""
    pipeline = find_pipeline(request.workspace, pk)
    form = TemplateForm(pipeline, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "designer/template_make.html", {"pipeline": pipeline, "form": form})
    made = template_create(pipeline=pipeline, **form.cleaned_data)
    messages.success(request, f"“{made.title}” is a template now.")
    return redirect("template-list", workspace=request.workspace.slug)


@require_POST
@in_workspace("edit")
def template_delete(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Take a template of one's own out of the gallery; pipelines that were made of it stay."""
    template = find_template(request.workspace, slug)
    if template.builtin:
        return HttpResponse("Templates that come with Portline stay.", status=409, content_type="text/plain")
    template.delete()
    messages.success(request, f"“{template.title}” is no template any more.")
    return redirect("template-list", workspace=request.workspace.slug)
