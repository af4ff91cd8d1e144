"""What an environment says it installs: conda's way of writing as pip's, faults at their place, references."""

import pytest

from registry.spec.conda import NoEquivalent, python_versions, translated
from registry.spec.environment import EnvironmentRef, EnvironmentSpec, reference
from registry.spec.environment_reading import environment_of, read_environment
from registry.spec.faults import SpecError
from registry.spec.packages import normalised

AZURE = """\
$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json
name: sklearn
version: 3
description: For the models
tags: {team: churn}
image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04
conda_file:
  name: project_environment
  channels: [conda-forge, defaults]
  dependencies:
    - python=3.10
    - pip=23.0
    - numpy=1.26
    - conda-forge::scikit-learn>=1.2, <1.5
    - pip:
        - Azureml_MLflow==1.51.0
        - --extra-index-url https://example.com/simple
"""


def faults_of(text: str, beside=None) -> list[str]:
    with pytest.raises(SpecError) as found:
        read_environment(text, "env.yml", beside)
    return [str(fault) for fault in found.value.faults]


def test_azures_yaml_becomes_a_list_for_pip():
    spec = read_environment(AZURE)
    assert (spec.name, spec.version, spec.python) == ("sklearn", "3", "3.10")
    assert spec.packages == ("azureml-mlflow==1.51.0", "numpy==1.26.*", "scikit-learn>=1.2,<1.5")
    assert spec.options == ("--extra-index-url https://example.com/simple",)
    assert spec.image == "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04"
    assert spec.tags == {"team": "churn"}
    assert spec.notes == ("`channels` has no effect: packages come from the package index.",)


@pytest.mark.parametrize(
    ("conda", "pip"),
    [
        ("numpy", "numpy"),
        ("numpy=1.26", "numpy==1.26.*"),
        ("numpy=1.26.*", "numpy==1.26.*"),
        ("numpy==1.26.4", "numpy==1.26.4"),
        ("numpy 1.26.4", "numpy==1.26.4"),
        ("numpy=1.26.4=py310h1128e8f_0", "numpy==1.26.4"),
        ("numpy>=1.22, <2", "numpy>=1.22,<2"),
        ("pandas~=1.5.3", "pandas~=1.5.3"),
        ("numpy!=1.25", "numpy!=1.25"),
        ("numpy=*", "numpy"),
        ("conda-forge::xgboost=2", "xgboost==2.*"),
        ("pytorch=2.1", "torch==2.1.*"),
        ("matplotlib-base", "matplotlib"),
        ("opencv", "opencv-python-headless"),
        ("py-xgboost>=1", "xgboost>=1"),
        ("msgpack-python", "msgpack"),
        ("librosa", "librosa"),
    ],
)
def test_a_conda_dependency_as_pip_takes_it(conda: str, pip: str):
    assert "".join(translated(conda)) == pip


@pytest.mark.parametrize("name", ["cudatoolkit=11.8", "r-base", "libgcc-ng", "_openmp_mutex", "gcc_linux-64", "ffmpeg"])
def test_what_pip_cannot_have_is_known(name: str):
    with pytest.raises(NoEquivalent):
        translated(name)


@pytest.mark.parametrize(
    ("conda", "versions"),
    [
        ("python", ""),
        ("python=3.10", "3.10"),
        ("python=3.10.*", "3.10"),
        ("python==3.10.4", "3.10.4"),
        ("python=3.10.4=h1_0_cpython", "3.10.4"),
        ("python>=3.9,<3.12", ">=3.9,<3.12"),
        ("python 3.11", "3.11"),
    ],
)
def test_the_version_of_python(conda: str, versions: str):
    assert translated(conda) == ("python", versions)


@pytest.mark.parametrize("text", ["2.7", "three", "3.10;rm -rf /", "--help", "3.x"])
def test_what_is_no_version_of_python(text: str):
    with pytest.raises(ValueError, match="is not a version of Python"):
        python_versions(text)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Six == 1.17.0  # for old code", "six==1.17.0"),
        ("Scikit_Learn<2,>=1", "scikit-learn>=1,<2"),
        ("mlflow[Extras,databricks]", "mlflow[databricks,extras]"),
        ("x; python_version<'3.9'", 'x; python_version < "3.9"'),
        ("git+https://github.com/a/b.git@v1", "git+https://github.com/a/b.git@v1"),
        ("b @ https://example.com/b-1.whl", "b @ https://example.com/b-1.whl"),
        ("-f https://example.com/wheels", "--find-links https://example.com/wheels"),
        ("--index-url=https://example.com", "--index-url https://example.com"),
        ("a==1 \\\n    --hash=sha256:bb --hash=sha256:aa", "a==1 --hash=sha256:aa --hash=sha256:bb"),
        ("# nothing", ""),
    ],
)
def test_a_line_is_written_in_one_way(line: str, kept: str):
    assert normalised(line) == kept


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("-r other.txt", "names another file"),
        ("-c limits.txt", "names another file"),
        ("-e .", "in development"),
        ("./wheels/a-1.whl", "is a path"),
        ("a @ file:///etc/a", "is a path"),
        ("pandas=1.5", "write `pandas==1.5`"),
        ("two words", "is not a package as pip takes it"),
        ("--pre", "the option `--pre` is not supported"),
        ("--index-url", "needs an address"),
        ("--find-links /srv/wheels", "needs an address"),
    ],
)
def test_what_a_list_cannot_have_is_refused(line: str, says: str):
    with pytest.raises(ValueError, match=says.replace("(", r"\(")):
        normalised(line)


class TestFaults:
    def test_all_stand_at_their_places(self):
        text = (
            "name: a\nconda_file:\n  dependencies:\n    - numpy=1|2\n    - pip:\n        - ok==1\n        - two words\n"
        )
        found = faults_of(text)
        assert [line.rpartition(": ")[0].split(": ")[0] for line in found] == ["env.yml:4:7", "env.yml:7:11"]

    def test_packages_without_an_equivalent_are_named_together(self):
        text = "name: a\nconda_file:\n  dependencies: [python=3.11, cudatoolkit=11, r-base, numpy]\n"
        found = read_environment(text, "env.yml")
        assert found.packages == ("numpy",)
        assert found.notes[0].startswith("Left out `cudatoolkit` and `r-base`: conda packages without an equal")

    def test_a_package_that_stands_twice(self):
        (fault,) = faults_of("name: a\npip: [six==1.16, Six==1.17]\n")
        assert "`six==1.17`: `six==1.16` stands in the list already" in fault

    def test_an_unknown_key_with_the_one_that_was_meant(self):
        assert "did you mean `conda_file`?" in faults_of("name: a\nconda_fil: {}\n")[0]

    def test_the_content_of_a_file_beside_it(self):
        bad = "channels: [a]\ndependencies:\n  - numpy=1|2\n"
        (fault,) = faults_of("name: a\nconda_file: conda/c.yml\n", lambda name: (bad, name))
        assert fault.startswith("conda/c.yml:3:5: `numpy=1|2`: pip knows no `|`")

    def test_lines_of_a_requirements_file(self):
        (fault,) = faults_of("name: a\npip: r.txt\n", lambda name: ("six\n\n-r base.txt\n", name))
        assert fault.startswith("r.txt:3:1: `-r base.txt` names another file")

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("name: a\n", "it says nothing to install"),
            ("conda_file: {dependencies: [six]}\n", "`name` is missing"),
            ("name: local\npip: [six]\n", "is what the server itself runs with"),
            ("name: a b\npip: [six]\n", "may hold letters"),
            ("name: a\nimage: x\nbuild: {path: .}\n", "give `image` or `build`, not both"),
            ("name: a\nconda_file: {dependencies: {a: b}}\n", "a list of `dependencies`"),
            ("name: a\nconda_file: [six]\n", "`conda_file` is a path or a mapping"),
            ("name: a\npip: {six: 1}\n", "`pip` is a list of packages"),
            ("name: a\npip: [1.0]\n", "a package is text"),
            ("name: a\npython: 2.7\n", "is not a version of Python"),
            ("- six\n", "an environment is a mapping"),
        ],
    )
    def test_says_what_is_wrong(self, text: str, says: str):
        assert says in faults_of(text)[0]


class TestDigest:
    def test_says_what_is_installed_in_any_order(self):
        one = environment_of({"name": "a", "pip": ["six==1.17", "Numpy>=2"]})
        two = environment_of({"name": "b", "description": "other", "pip": ["numpy >= 2", "six == 1.17"]})
        assert one.digest == two.digest

    @pytest.mark.parametrize(
        "change", [{"python": "3.12"}, {"packages": ("six==1.16",)}, {"options": ("--index-url https://a",)}]
    )
    def test_changes_with_what_is_installed(self, change: dict):
        spec = EnvironmentSpec(python="3.11", packages=("six==1.17",))
        assert spec.model_copy(update=change).digest != spec.digest

    def test_no_image_counts(self):
        spec = EnvironmentSpec(packages=("six==1.17",))
        assert spec.model_copy(update={"image": "x"}).digest == spec.digest


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("azureml:sklearn:3", EnvironmentRef("sklearn", "3")),
        ("sklearn:3", EnvironmentRef("sklearn", "3")),
        ("azureml:sklearn@latest", EnvironmentRef("sklearn")),
        ("sklearn", EnvironmentRef("sklearn")),
        ("azureml:AzureML-sklearn-1.0-ubuntu20.04-py38-cpu@latest", EnvironmentRef("AzureML-sklearn-1.0-ubuntu20.04-py38-cpu")),
        ("azureml://registries/azureml/environments/sklearn-1.5/labels/latest", EnvironmentRef("sklearn-1.5")),
        ("azureml://registries/azureml/environments/sklearn-1.5/versions/7", EnvironmentRef("sklearn-1.5", "7")),
        ("azureml:/subscriptions/1/resourceGroups/g/providers/p/workspaces/w/environments/e/versions/2", EnvironmentRef("e", "2")),
        ("", None),
        ("local", None),
        ("azureml:portline-default@latest", None),
    ],
)  # fmt: skip
def test_how_components_name_one(text: str, ref: EnvironmentRef | None):
    assert reference(text) == ref


@pytest.mark.parametrize("text", ["a b", "azureml:x@prod", "../x:1", "x:1:2"])
def test_what_names_none(text: str):
    with pytest.raises(ValueError, match=r"does not name|is not known"):
        reference(text)
