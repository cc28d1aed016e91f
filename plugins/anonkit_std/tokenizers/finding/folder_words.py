"""Words that are no names of people where a path has one: extensions of files, areas of homes, common folders."""

from __future__ import annotations

__all__ = ["AREAS", "EXTENSIONS", "OWN_FOLDERS"]

EXTENSIONS = frozenset(
    (
        "bat", "cfg", "conf", "csv", "dat", "exe", "fcl", "json", "list", "log", "out", "pdf", "png", "proxy",
        "root", "sif", "tar", "tgz", "toml", "txt", "yaml", "yml", "html", "xml", "zip",
    )
)  # fmt: skip
# Folders of home folders that are below the home folder of all; a digit or a domain may be one as well.
AREAS = frozenset(
    (
        "users", "user", "staff", "student", "students", "cluster", "people", "local", "home", "homes", "u",
        "export", "guests", "members", "belle", "userexternal",
    )
)  # fmt: skip
# What people call their own folders, without a number at the end; their names are not names of people.
OWN_FOLDERS = frozenset(
    (
        "analysis", "application", "applications", "batch", "build", "code", "condor", "configs", "crab", "data",
        "dataset", "datasets", "desktop", "documents", "downloads", "execute", "fcls", "files", "grid", "histos",
        "images", "input", "inputs", "install", "jobs", "jobsub", "larsoft", "library", "logs", "models", "ntuples",
        "output", "outputs", "package", "packages", "plots", "private", "process", "production", "products",
        "project", "projects", "public", "python", "results", "root", "running", "runs", "sandbox", "scratch",
        "script", "scripts", "setup", "simulation", "software", "source", "submit", "temp", "test", "tests", "tools",
        "tutorial", "venv", "work", "workdir", "workspace", "area", "workarea", "miniconda", "anaconda", "miniforge",
        "archive", "athena", "backup", "checkpoints", "cmssw", "conda", "config", "delphes", "develop", "development",
        "envs", "events", "figures", "geant", "github", "gitlab", "gromacs", "lammps", "macros", "madgraph", "mamba",
        "mambaforge", "matlab", "merge", "micromamba", "model", "notebooks", "ntuple", "openfoam", "papers", "program",
        "programs", "pyenv", "pythia", "reco", "repos", "sample", "samples", "slurm", "spack", "studies", "study",
        "thesis", "training", "venvs", "virtualenvs", "weights",
    )
)  # fmt: skip
