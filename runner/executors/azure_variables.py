"""The variables that Azure ML sets and that scripts written for it rely on (`shared/azureml.md` 2.2).

There is no subscription and no resource group here; who reads them mostly wants any text that is the same each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LOCAL = "local"
OF_A_STEP = ("AZURE_ML_", "AZUREML_", "MLFLOW_")
"""How variables begin that differ from step to step, for who starts steps from a process that has their others."""


@dataclass(frozen=True)
class Of:
    """The step that they are for. `job` is the run's name, `workspace` the one in addresses."""

    job: str
    step: int
    workspace: str = ""
    experiment: str = ""

    @property
    def run_id(self) -> str:
        """What Azure ML calls the job of a step."""
        return f"{self.job}_{self.step}"


def azure_variables(
    of: Of, literals: Mapping[str, str | None], inputs: Mapping[str, str], outputs: Mapping[str, str], root: Path
) -> dict[str, str]:
    """All that can be told before the step starts. Inputs and outputs are by port: literals as text, data as paths.

    `root` is the step's folder, with its inputs in `inputs` and its working folder in `code`.
    """
    given = {f"AZURE_ML_INPUT_{name}": value for name, value in literals.items() if value is not None}
    given |= {f"AZURE_ML_INPUT_{name}": path for name, path in inputs.items()}
    return (
        given
        | {f"AZURE_ML_OUTPUT_{name}": path for name, path in outputs.items()}
        | {
            "AZUREML_RUN_ID": of.run_id,
            "AZUREML_ROOT_RUN_ID": of.job,
            "AZUREML_EXPERIMENT_NAME": of.experiment,
            "AZUREML_ARM_SUBSCRIPTION": LOCAL,
            "AZUREML_ARM_RESOURCEGROUP": LOCAL,
            "AZUREML_ARM_WORKSPACE_NAME": of.workspace,
            "AZUREML_ARM_PROJECT_NAME": of.experiment,
            "AZUREML_NODE_COUNT": "1",
            "AZUREML_CR_NODE_RANK": "0",
            "AZUREML_CR_DATA_CAPABILITY_PATH": str(root / "inputs"),
            "AZUREML_CR_EXECUTION_WORKING_DIR_PATH": str(root / "code"),
        }
    )
