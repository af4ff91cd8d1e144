import os
import subprocess
import tempfile
from pathlib import Path

from step import UserError, run


def run_shell(script: str, output: Path, input: Path | None = None) -> None:
    """Run a bash script that finds its data at $INPUT and leaves its results in $OUTPUT."""
    if not script.strip():
        raise UserError('The script is empty; write for example: wc -l "$INPUT" > "$OUTPUT/lines.txt"')
    output.mkdir(exist_ok=True)
    places = {"OUTPUT": str(output.resolve()), "INPUT": str(input.resolve()) if input else ""}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "script.sh"
        file.write_text(script.replace("\r\n", "\n"), encoding="utf-8")
        # The script stops at the first command that fails, also within a pipe.
        code = subprocess.run(
            ["bash", "-e", "-o", "pipefail", str(file)], env=os.environ | places, stdin=subprocess.DEVNULL, check=False
        ).returncode
    if code < 0:
        raise UserError(f"The script was ended by signal {-code}.")
    if code:
        raise UserError(f"The script ended with exit code {code}; its last lines in the log say why.")
    print(f"The script left {sum(path.is_file() for path in output.rglob('*')):,} files.")


if __name__ == "__main__":
    run(run_shell)
