"""Cache keys and file folders that carry the province."""

from pathlib import Path

from django.core.files.storage import FileSystemStorage

from owso.database.access import current


def make_key(key: str, key_prefix: str, version: int) -> str:
    """Prefix a cache key with the schema in which it is used."""
    return f"{current().schema_name}:{key_prefix}:{version}:{key}"


class ProvinceFileStorage(FileSystemStorage):
    """Files in one folder a schema; the folder is chosen at each use."""

    def path(self, name: str) -> str:
        """Return the full path of a file below the current schema's folder."""
        root = Path(self.base_location) / current().schema_name
        self.__dict__["location"] = str(root)
        return super().path(name)
