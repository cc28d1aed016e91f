"""The shapes of the corpus, by what they are about."""

from benchmarks.accuracy.shapes.addresses import ADDRESSES
from benchmarks.accuracy.shapes.certificates import CERTIFICATES
from benchmarks.accuracy.shapes.disguised import DISGUISED
from benchmarks.accuracy.shapes.environments import ENVIRONMENTS
from benchmarks.accuracy.shapes.experiments import EXPERIMENTS
from benchmarks.accuracy.shapes.hosts import HOSTS
from benchmarks.accuracy.shapes.nobody import NOBODY
from benchmarks.accuracy.shapes.people import PEOPLE
from benchmarks.accuracy.shapes.secrets import SECRETS
from benchmarks.accuracy.shapes.shape import Shape

__all__ = ["SHAPES", "Shape"]

SHAPES: tuple[Shape, ...] = (
    *PEOPLE, *CERTIFICATES, *ENVIRONMENTS, *EXPERIMENTS, *HOSTS, *ADDRESSES, *SECRETS, *DISGUISED, *NOBODY,
)  # fmt: skip
