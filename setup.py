"""Say which folder is which package; everything else is declared in setup.cfg.

setup.cfg can find packages or rename folders, but not both: the templates and the migrations live at the top of the
repository, where people look for them, and travel in the wheel as ``casework.templates`` and ``casework.migrations``.
"""

from setuptools import find_packages, setup

MAPPED = {
    "casework.templates": "templates",
    "casework.migrations": "migrations",
    "casework.migrations.versions": "migrations/versions",
}

setup(
    packages=[*find_packages(include=["casework", "casework.*"]), *MAPPED],
    package_dir=MAPPED,
)
