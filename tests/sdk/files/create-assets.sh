# Registers what a pipeline is made of, and runs a pipeline that names it, as azureml-examples' set-up scripts do.
set -e

portline component create --file assets/component.yml --query version -o tsv
portline data create --file assets/data.yml --set version=7 -o none
portline environment create --file assets/environment.yml --query "[name, version]" -o tsv
portline environment create --name shell-env --version 1 --image ubuntu --conda-file assets/conda.yml -o none

data_version=$(portline data list --name numbers --query "[0].version" -o tsv)
component_version=$(portline component show --name count_lines --label latest --query version -o tsv)
echo "numbers:$data_version count_lines:$component_version"

portline data update --name numbers --version 7 --set description="Better numbers" --query description -o tsv
portline data archive --name numbers --version 7
portline data list --name numbers --query "length(@)" -o tsv
portline data restore --name numbers --version 7
portline job create --file assets/pipeline.yml --stream --query "[status, display_name]" -o tsv
