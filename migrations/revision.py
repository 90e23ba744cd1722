"""`make migration m="what it is for"`: write down the change from the last revision to the models of today."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from migrations.schema import upgrade, write_revision


def main() -> None:
    """Bring an empty SQLite database up to date, and write what the models have beyond it."""
    message = " ".join(sys.argv[1:]).strip().rstrip(".").capitalize()
    if not message:
        raise SystemExit('Say what the change is for: make migration m="first tables"')
    with TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/empty.db"
        upgrade(url)
        write_revision(message, url)
    versions = Path(__file__).parent / "versions"
    for step in (["format", "--quiet"], ["check", "--fix", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *step, str(versions)], check=True)


if __name__ == "__main__":
    main()
