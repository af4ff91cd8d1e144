# In the style of azureml-examples' cli/schedules.
set -e

schedule_name="nightly_$RANDOM"
job=$(portline job create --file assets/pipeline.yml --query name -o tsv)
portline schedule create --file schedules/cron.yml --set name=$schedule_name create_job=azureml:$job --no-wait -o none
portline schedule show -n $schedule_name --query "trigger.expression" -o tsv
portline schedule update -n $schedule_name --set description="Every night" --query description -o tsv
portline schedule disable -n $schedule_name --query is_enabled -o tsv
portline schedule list --query "[?name=='$schedule_name'] | length(@)" -o tsv
portline schedule enable -n $schedule_name --query is_enabled -o tsv

job=$(portline schedule trigger -n $schedule_name --query name -o tsv)
portline job stream -n $job >/dev/null
portline job show -n $job --query status -o tsv

portline schedule disable -n $schedule_name -o none
portline schedule delete -n $schedule_name --yes
if portline schedule show -n $schedule_name 2>/dev/null; then exit 1; else echo "gone: $?"; fi
