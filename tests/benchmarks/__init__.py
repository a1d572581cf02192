"""The one place where speed is measured, always beside a floor of the same run."""
