"""The names of Azure ML's curated environments lead to lists of packages that can be installed here."""

import pytest

from registry.curated import curated
from registry.spec.environment import reference

SKLEARN = "azureml://registries/azureml/environments/sklearn-1.5/labels/latest"


@pytest.mark.parametrize(
    ("given", "package"),
    [
        (SKLEARN, "scikit-learn~=1.5.0"),
        ("azureml:AzureML-sklearn-1.0-ubuntu20.04-py38-cpu@latest", "scikit-learn~=1.2.2"),
        ("azureml:AzureML-sklearn-1.5:3", "scikit-learn~=1.5.0"),
        ("azureml:AzureML-lightgbm-3.2-ubuntu18.04-py37-cpu:5", "lightgbm>=3.3.5"),
        ("azureml://registries/azureml/environments/acpt-pytorch-2.2-cuda12.1/versions/9", "torch>=2.2"),
        ("azureml:AzureML-tensorflow-2.12-cuda11@latest", "tensorflow>=2.16"),
    ],
)
def test_a_curated_name_stands_for_a_list(given: str, package: str) -> None:
    asked = reference(given)
    assert asked is not None
    spec = curated(asked.name)
    assert spec is not None
    assert any(line.replace(" ", "").startswith(package) for line in spec.packages), spec.packages


def test_any_other_name_is_none_of_them() -> None:
    assert curated("my-own") is None
    assert curated("sklearn") is None
