"""What azure-ai-ml makes of pipeline jobs: `python azureml_facts.py FILE...`, in an environment that has it.

Prints JSON: by file, `{"error": sentence}` or `{"jobs": {name: {"type", "inputs", "outputs"}}}` with the values as the
package itself writes them.
"""

import json
import logging
import os
import sys
import warnings

os.environ["AZURE_ML_CLI_PRIVATE_FEATURES_ENABLED"] = "true"
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

from azure.ai.ml import load_job  # noqa: E402


def facts(file):
    try:
        job = load_job(file)
        validated = job._validate()
    except Exception as error:
        return {"error": str(error)[:2000]}
    if not validated.passed:
        return {"error": json.dumps(validated.error_messages)}
    jobs = job._to_dict()["jobs"]
    keys = ("type", "inputs", "outputs")
    return {"jobs": {name: {key: each.get(key) or {} for key in keys} for name, each in jobs.items()}}


json.dump({file: facts(file) for file in sys.argv[1:]}, sys.stdout, default=str)
