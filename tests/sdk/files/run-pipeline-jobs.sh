# In the style of azureml-examples' cli/run-pipeline-jobs.sh, with `az ml` replaced by `portline`.
set -e

run_id=$(portline job create -f jobs/train/pipeline.yml --query name -o tsv \
  --set settings.force_rerun=True inputs.epochs=2 -g my-group -w main)
echo "job $run_id"
portline job show -n $run_id --query services.Studio.endpoint -o tsv >/dev/null

portline job stream -n $run_id

status=$(portline job show -n $run_id --query status -o tsv)
if [[ $status == "Completed" ]]; then
  echo "Job completed"
elif [[ $status == "Failed" || $status == "Canceled" || $status == "NotResponding" ]]; then
  echo "Job failed"
  exit 1
else
  echo "Job status not failed or completed: $status"
  exit 2
fi

for step in $(portline job list --parent-job-name $run_id --query "[].name" -o tsv); do
  echo "step $step $(portline job show -n $step --query status -o tsv)"
done
portline job download -n $run_id --output-name model --download-path ./fetched
cat fetched/named-outputs/model/model.txt
