"""One file on its way to a document: what has been read of it, and what is wrong with it."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from designer.graph.azure.around import NamedCatalog, Surroundings
from designer.graph.azure.bindings import Given, given
from designer.graph.document import Document, empty
from designer.graph.draft import apply_batch
from designer.graph.operations import Refused
from registry.spec.document import Document as YamlDocument
from registry.spec.document import Path
from registry.spec.faults import Fault, SpecError
from registry.spec.interface import Interface


class Context:
    """What is wrong is collected in `faults`; what Azure ML runs anyway, but a person should know, in `warnings`."""

    def __init__(self, source: YamlDocument, catalog: NamedCatalog, around: Surroundings) -> None:
        self.source = source
        self.catalog = catalog
        self.around = around
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self.document: Document = empty("Pipeline")
        self.declared: Mapping[str, Any] = {}
        """The pipeline's outputs as they are declared."""
        self.jobs: dict[str, dict[str, Any]] = {}
        """The jobs that can be read, by the name that their node gets."""
        self.written_as: dict[str, str] = {}
        """A job's name here -> as the file has it."""
        self.kinds: dict[str, str] = {}
        self.interfaces: dict[str, Interface] = {}
        """The components of the jobs, as far as they have been read."""
        self.placed: set[str] = set()
        """Nodes besides the jobs that have their places."""
        self.computes_missed: set[str] = set()
        """Compute targets that are not here, each told once."""
        self.loops: dict[str, str] = {}
        """Loop jobs, which are no nodes here -> the node that they run."""

    def place(self, id: str, *path: str | int) -> Path:
        """Where a part of a job stands in the file."""
        return ("jobs", self.written_as.get(id, id), *path)

    def apply(self, place: Path, operation: dict[str, Any]) -> bool:
        """Do an operation; a refusal is a fault at `place`."""
        try:
            self.document, _ = apply_batch(self.document, [operation], self.catalog)
        except Refused as refused:
            self.fault(place, str(refused))
            return False
        return True

    def fault(self, place: Path, message: str) -> None:
        self.faults.append(self.source.fault(place, message))

    def failed(self, place: Path, error: ValueError) -> None:
        """A fault that somebody else found: with places of its own, or a sentence about what stands at `place`."""
        if isinstance(error, SpecError):
            self.faults += error.faults
        else:
            self.fault(place, str(error))

    def warn(self, place: Path, message: str) -> None:
        self.warnings.append(self.source.fault(place, message))

    def mapping(self, value: Any, place: Path, what: str) -> dict[str, Any]:
        """A mapping that may be left out; anything else is a fault."""
        if value is None or isinstance(value, dict):
            return value or {}
        self.fault(place, f"{what} is a mapping, not {shown(value)}")
        return {}

    def inputs_of(self, id: str, seen: frozenset[str] = frozenset()) -> dict[str, Given]:
        """The inputs of a job; one that names the input of another job is what that one gets."""
        inputs = self.jobs[id].get("inputs")
        found: dict[str, Given] = {}
        for name, value in inputs.items() if isinstance(inputs, dict) else ():
            each = given(value)
            bound = each.bound
            if bound and bound.kind == "job_input":
                other = self.node_name(bound.job)
                if other not in self.jobs or other in seen or other == id:
                    found[str(name)] = each
                    continue
                each = self.inputs_of(other, seen | {id}).get(bound.name, Given())
            if bound and bound.kind == "input" and bound.name not in self.document["inputs"]:
                group = [key for key in self.document["inputs"] if key.startswith(f"{bound.name}.")]
                found |= {
                    f"{name}.{key[len(bound.name) + 1 :]}": given("${{parent.inputs." + key + "}}") for key in group
                }
                if group:
                    continue
            found[str(name)] = each
        return found

    def node_name(self, job: str) -> str:
        """The name that a job has here; Azure ML takes capitals for small letters."""
        return job if job in self.jobs else job.lower()

    def node_of(self, job: str) -> str:
        """The node that stands for a job: itself, or what a loop runs. Raises ValueError."""
        name = self.node_name(job)
        if name in self.loops:
            return self.loops[name]
        if name not in self.jobs:
            raise ValueError(f"there is no job `{job}`{near(job, self.jobs)}")
        return name


def near(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """`; did you mean ...?`, or what is said where nothing is like it."""
    found = difflib.get_close_matches(name, list(names), n=1)
    return f"; did you mean `{found[0]}`?" if found else otherwise


def shown(value: object) -> str:
    """A value as a fault names it."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
