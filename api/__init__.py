"""The doors for programs: Django REST framework and nothing else."""
