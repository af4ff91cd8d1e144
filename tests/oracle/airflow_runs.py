"""Run with Airflow: import the DAG of a folder, run it without a scheduler, and print its tasks' states as JSON.

Arguments: the folder, and the run's parameters as JSON. AIRFLOW_HOME must be an empty folder.
"""

import json
import logging
import os
import subprocess
import sys

folder, params = sys.argv[1:]
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], check=True, capture_output=True)

from airflow.models.dagbag import DagBag  # noqa: E402  (reads the environment)

bag = DagBag(folder, include_examples=False)
assert not bag.import_errors, bag.import_errors
[dag] = bag.dags.values()
logging.disable(logging.CRITICAL)
run = dag.test(run_conf=json.loads(params))
states = {
    f"{task.task_id}.{task.map_index}" if task.map_index >= 0 else task.task_id: task.state
    for task in run.get_task_instances()
}
print("\n" + json.dumps({"run": run.state, "tasks": states}))
