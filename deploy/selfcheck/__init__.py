"""The self-check: a scripted day on scratch data that tells whether an installation is sound."""
