"""PostgreSQL and Valkey out of wheels, for a machine that has neither."""

from owso.embedded.cluster import Cluster, Urls

__all__ = ["Cluster", "Urls"]
