"""The Django project: settings, doors' common parts, accounts, audit and the design system."""
