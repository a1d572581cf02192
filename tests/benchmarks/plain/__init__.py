"""The plain build: stock django-tenants and Django REST framework doing the same five inserts."""
