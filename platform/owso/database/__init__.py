"""The database backend: django-tenants with a role per province that fails closed."""
