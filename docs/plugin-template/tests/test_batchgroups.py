import pytest
from anonkit_batchgroups import BusySitesOptions, GroupOptions
from anonkit_batchgroups.busy_sites import BusySites
from anonkit_batchgroups.group import GroupTokenizer
from anonkit_batchgroups.pairs import PairsReader

from anonkit.api import NoOptions
from anonkit.testing import ReaderContract, ReporterContract, TokenizerContract


class TestBusySites(ReporterContract):
    @pytest.fixture
    def reporter(self):
        return BusySites(BusySitesOptions(top=3))


class TestGroup(TokenizerContract):
    cells = ("group_tarnis.annak", "group_nova", "group_tarnis.bo", None)

    @pytest.fixture
    def tokenizer(self):
        return GroupTokenizer(GroupOptions())


class TestPairs(ReaderContract):
    @pytest.fixture
    def reader(self):
        return PairsReader(NoOptions())

    @pytest.fixture
    def path(self, tmp_path):
        (tmp_path / "jobs.pairs").write_text("group_tarnis.annak FermiGrid\ngroup_nova Example\n")
        return tmp_path / "jobs.pairs"
