import pytest
from anonkit_batchgroups import BusySitesOptions, GroupOptions
from anonkit_batchgroups.busy_sites import BusySites
from anonkit_batchgroups.group import GroupTokenizer

from anonkit.testing import ReporterContract, TokenizerContract


class TestBusySites(ReporterContract):
    @pytest.fixture
    def reporter(self):
        return BusySites(BusySitesOptions(top=3))


class TestGroup(TokenizerContract):
    cells = ("group_tarnis.annak", "group_nova", "group_tarnis.bo", None)

    @pytest.fixture
    def tokenizer(self):
        return GroupTokenizer(GroupOptions())
