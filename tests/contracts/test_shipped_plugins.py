"""The shipped plugins keep what the test kit asks of a stranger's."""

from __future__ import annotations

from typing import Any

import pytest
from anonkit_risk.options import RiskOptions
from anonkit_risk.reporter import RiskReport
from anonkit_std.encoders.compression import Compression
from anonkit_std.options.reporters import (
    CmdEnvReportOptions,
    CompressionOptions,
    FailedUsersOptions,
    SiteJobsOptions,
    SummaryOptions,
)
from anonkit_std.options.tokenizers import EmailOptions, ExperimentOptions, HostOptions, IpOptions, UserOptions
from anonkit_std.reporters.failed_users import FailedUsersReporter
from anonkit_std.reporters.site_jobs.reporter import SiteJobsListing
from anonkit_std.reporters.summary import SummaryReporter
from anonkit_std.reporters.text_report.reporter import CmdEnvReport
from anonkit_std.tokenizers.email import EmailTokenizer
from anonkit_std.tokenizers.experiment import ExperimentTokenizer
from anonkit_std.tokenizers.host import HostTokenizer
from anonkit_std.tokenizers.ip import IpTokenizer
from anonkit_std.tokenizers.user import UserTokenizer

from anonkit.plugin.contracts import OutputEncoder, Reporter, Tokenizer
from anonkit.testing import EncoderContract, ReporterContract, TokenizerContract


class TestSummary(ReporterContract):
    writes_originals = True

    @pytest.fixture
    def reporter(self) -> Reporter[Any, Any]:
        return SummaryReporter(SummaryOptions(include_originals=True))


class TestFailedUsers(ReporterContract):
    @pytest.fixture
    def reporter(self) -> Reporter[Any, Any]:
        return FailedUsersReporter(FailedUsersOptions())


class TestSiteJobs(ReporterContract):
    @pytest.fixture
    def reporter(self) -> Reporter[Any, Any]:
        return SiteJobsListing(SiteJobsOptions(all_sites=True, sites=("Nowhere",)))


class TestSiteJobsAsCsv(ReporterContract):
    @pytest.fixture
    def reporter(self) -> Reporter[Any, Any]:
        return SiteJobsListing(SiteJobsOptions(all_sites=True, format="csv"))


class TestCmdEnvReport(ReporterContract):
    @pytest.fixture
    def reporter(self) -> Reporter[Any, Any]:
        return CmdEnvReport(CmdEnvReportOptions())


class TestGroupedCmdEnvReport(ReporterContract):
    @pytest.fixture
    def reporter(self) -> Reporter[Any, Any]:
        return CmdEnvReport(CmdEnvReportOptions(group_by="Jobsub_Group"))


class TestUser(TokenizerContract):
    cells = ("annak@example.org", "o'brien", " bo @x@y", "müllerj@example.org", "@example.org", "", None, "x" * 12)
    texts = ("KRB=annak@EXAMPLE.ORG", None, "/home/annak/x", "/DC=org/CN=Anna Example/CN=UID:annak", "")

    @pytest.fixture
    def tokenizer(self) -> Tokenizer:
        return UserTokenizer(UserOptions())


class TestIp(TokenizerContract):
    cells = ("192.0.2.1", "192.0.2.1, 2001:DB8::1", "3221225985", "[2001:db8::2]:9618", "unknown-host", " ", None)
    texts = ("from 192.0.2.1:80", None, "<[2001:db8::1]:9618>", "v1.2.3", "")

    @pytest.fixture
    def tokenizer(self) -> Tokenizer:
        return IpTokenizer(IpOptions())


class TestExperiment(TokenizerContract):
    texts = ("A=1 EXPERIMENT=nova SAM_EXPERIMENT=NOVA", None, '{"EXPERIMENT": "qx2"}', "", "MY_EXPERIMENT=none")

    @pytest.fixture
    def tokenizer(self) -> Tokenizer:
        return ExperimentTokenizer(ExperimentOptions())


class TestHost(TokenizerContract):
    cells = ("node1.example.org", "Node1.Example.org.", "node1", "", None)
    texts = ("slot1@node1.example.org", None, "libfoo.so.1", "<192.0.2.1:9618?alias=node1&x>", "")

    @pytest.fixture
    def tokenizer(self) -> Tokenizer:
        return HostTokenizer(HostOptions())


class TestEmail(TokenizerContract):
    cells = ("annak@example.org", "Anna.Example@Example.org", "", None)
    texts = ("--mail annak@example.org", None, "slot1@node1.example.org", "@", "")

    @pytest.fixture
    def tokenizer(self) -> Tokenizer:
        return EmailTokenizer(EmailOptions())


class TestCompression(EncoderContract):
    @pytest.fixture(params=["zstd", "gzip", "xz", "bz2"])
    def encoder(self, request: pytest.FixtureRequest) -> OutputEncoder:
        return Compression(CompressionOptions(codec=request.param))


class TestRisk(ReporterContract):
    @pytest.fixture(params=[{}, {"columns": ("CumulativeSlotTime", "RequestMemory"), "sensitive": ("NumJobStarts",)}])
    def reporter(self, request: pytest.FixtureRequest) -> Reporter[Any, Any]:
        return RiskReport(RiskOptions(**request.param))
