"""Where a step runs: which compute target fits what its node asks for, and why none does."""

from typing import Any

import pytest

from runner.engine.placement import CannotPlace, Limits, Target, ask_of, place

GB = 1024**3
TARGETS = [
    Target(1, "small", {"zone": "eu"}, Limits(cpu=2, memory=2 * GB, gpus=0)),
    Target(2, "large", {"zone": "eu", "size": "l"}, Limits(cpu=16, memory=64 * GB, gpus=0)),
    Target(3, "gpu", {"zone": "eu", "gpu": "a100"}, Limits(cpu=8, memory=32 * GB, gpus=2)),
    Target(4, "open", {"zone": "us"}, Limits(gpus=0)),
    Target(5, "old", {"zone": "mars"}, archived=True),
]


def placed(node: dict[str, Any], pipeline: dict[str, Any] | None = None) -> tuple[int | None, dict[str, Any]]:
    found = place(ask_of(node, pipeline or {}), TARGETS)
    return found.target, found.limits.plain()


@pytest.mark.parametrize(
    ("node", "pipeline", "target", "limits"),
    [
        # Nothing is asked for: the default queue, with what the node says that it needs.
        ({}, {}, None, {}),
        ({"resources": {"cpu": 2, "memory": "1GB"}}, {}, None, {"cpu": 2, "memory": GB}),
        # By name: the target's limits, save where the node asks for less.
        ({"compute": "small"}, {}, 1, {"cpu": 2, "memory": 2 * GB, "gpus": 0}),
        ({"compute": "large", "resources": {"memory": "3GB"}}, {}, 2, {"cpu": 16, "memory": 3 * GB, "gpus": 0}),
        ({"compute": "open", "resources": {"cpu": 500}}, {}, 4, {"cpu": 500, "gpus": 0}),
        ({"compute": "gpu", "labels": {"gpu": "a100"}}, {}, 3, {"cpu": 8, "memory": 32 * GB, "gpus": 2}),
        ({"compute": "gpu", "resources": {"gpus": 0}}, {}, 3, {"cpu": 8, "memory": 32 * GB, "gpus": 0}),
        # By label: the smallest that fits, and one with GPUs last.
        ({"labels": {"zone": "eu"}}, {}, 1, {"cpu": 2, "memory": 2 * GB, "gpus": 0}),
        ({"labels": {"zone": "eu"}, "resources": {"memory": "4GB"}}, {}, 2, {"cpu": 16, "memory": 4 * GB, "gpus": 0}),
        ({"labels": {"zone": "eu"}, "resources": {"gpus": 1}}, {}, 3, {"cpu": 8, "memory": 32 * GB, "gpus": 1}),
        # The pipeline's choice holds for nodes that make none of their own.
        ({}, {"compute": "gpu"}, 3, {"cpu": 8, "memory": 32 * GB, "gpus": 2}),
        ({}, {"labels": {"size": "l"}}, 2, {"cpu": 16, "memory": 64 * GB, "gpus": 0}),
        ({"compute": "small"}, {"compute": "gpu"}, 1, {"cpu": 2, "memory": 2 * GB, "gpus": 0}),
        ({"labels": {"zone": "us"}}, {"compute": "gpu"}, 4, {"gpus": 0}),
        ({"compute": "default"}, {"compute": "gpu"}, None, {}),
    ],
)
def test_a_step_is_placed(node: Any, pipeline: Any, target: int | None, limits: dict[str, Any]) -> None:
    assert placed(node, pipeline) == (target, limits)


@pytest.mark.parametrize(
    ("node", "field", "sentence"),
    [
        ({"compute": "smal"}, "compute", "There is no compute target `smal` in this workspace; did you mean `small`?"),
        (
            {"compute": "xyz"},
            "compute",
            "There is no compute target `xyz` in this workspace; there are `gpu`, `large`, `open`, `small`.",
        ),
        ({"compute": "old"}, "compute", "The compute target `old` is archived; restore it or choose another."),
        (
            {"compute": "small", "labels": {"zone": "eu", "gpu": "a100"}},
            "labels",
            "The compute target `small` lacks the label `gpu=a100`.",
        ),
        (
            {"compute": "small", "resources": {"memory": "3GB"}},
            "resources",
            "It asks for 3 GB of memory, but a step on `small` may use 2 GB.",
        ),
        (
            {"compute": "small", "resources": {"cpu": 4}},
            "resources",
            "It asks for 4 cores, but a step on `small` may use 2 cores.",
        ),
        ({"compute": "small", "resources": {"gpus": 1}}, "resources", "It asks for 1 GPU, but `small` has no GPUs."),
        ({"compute": "open", "resources": {"gpus": 1}}, "resources", "It asks for 1 GPU, but `open` has no GPUs."),
        (
            {"labels": {"zone": "moon"}},
            "labels",
            "No compute target of this workspace has the label `zone=moon`.",
        ),
        (
            {"labels": {"zone": "mars"}},
            "labels",
            "No compute target of this workspace has the label `zone=mars` besides `old`, which is archived.",
        ),
        (
            {"labels": {"size": "l"}, "resources": {"gpus": 1}},
            "resources",
            "No compute target with the label `size=l` fits: 1 GPU, but `large` has no GPUs.",
        ),
        (
            {"compute": "default", "labels": {"zone": "eu"}},
            "labels",
            "The default queue has no labels, but `zone=eu` is required.",
        ),
        (
            {"resources": {"memory": "much"}},
            "resources",
            "Its memory: `much` is no size; write it as 512MB, 2GB or a number of bytes.",
        ),
    ],
)
def test_a_misfit_is_told(node: Any, field: str, sentence: str) -> None:
    with pytest.raises(CannotPlace) as error:
        placed(node)
    assert (error.value.field, str(error.value)) == (field, sentence)


def test_where_there_are_no_targets_it_says_where_to_make_one() -> None:
    with pytest.raises(CannotPlace, match="there is none yet; register it on the page Compute"):
        place(ask_of({"compute": "gpu"}, {}), [])
