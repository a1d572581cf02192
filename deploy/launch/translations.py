"""Makes the compiled catalogues (.mo) out of the written ones (.po)."""

from pathlib import Path

from deploy.launch import progress
from deploy.launch.problems import LaunchError
from owso import messages


def compile_all(checkout: Path, *, shown: bool = True) -> None:
    """Compile every catalogue that changed; raises LaunchError for one that cannot be read."""
    try:
        if not shown:
            messages.compile_catalogues(checkout)
            return
        with progress.step("translations"):
            messages.compile_catalogues(checkout)
    except messages.CatalogueError as error:
        raise LaunchError(str(error)) from error
