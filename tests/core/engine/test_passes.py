"""What a worker does with a task."""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa
import pytest
from fakes import NULLS, Count, Handles, Projects, Rows, context, write_parquet

from anonkit.engine.anonymizer import Anonymizer
from anonkit.engine.passes import (
    Applied,
    ApplyPass,
    Surveyor,
    SurveyPass,
)
from anonkit.engine.text_identities import TextIdentities
from anonkit.errors import AnonkitError, PluginError
from anonkit.identities.kind_survey import KindSurvey, merge
from anonkit.identities.token_table import literals, number
from anonkit.input.batches import BatchLimits
from anonkit.input.column_roles import ColumnRoles
from anonkit.input.normalize import CellNormalizer
from anonkit.input.source import Source
from anonkit.input.tasks import Task, TaskSize, cut_tasks
from anonkit.plugin.bound_reporter import BoundReporter
from anonkit.plugin.contracts import AnyReporter, Batch, Mentions, Roles, RunContext, Tokenizer
from anonkit.text.replace import TextReplacer

SECRET = "annakovaleva"
CELLS = CellNormalizer(NULLS)
USERS = ["bob", None, SECRET, "bob@example.org", "carl", "", "bob"]
COMMANDS = ["ls /nova/bob", "~dora", None, SECRET, "dune", "nova", "x"]


@pytest.fixture
def source(tmp_path: Path) -> Source:
    write_parquet(tmp_path / "a.parquet", {"User": USERS[:4], "Cmd": COMMANDS[:4]}, group=3)
    write_parquet(tmp_path / "b.parquet", {"User": USERS[4:], "Cmd": COMMANDS[4:]}, group=1)
    return Source.open(str(tmp_path), skip_damaged=False)


def survey_pass(source: Source, *tokenizers: Tokenizer, batch_rows: int = 2) -> SurveyPass:
    schema = source.schema(["User", "Cmd"])
    column_roles = ColumnRoles.from_schema(schema, schema.names, tokenizers, Roles())
    surveyor = Surveyor.from_tokenizers(tokenizers, column_roles, Roles())
    return SurveyPass.from_schema((surveyor,), schema, CELLS, BatchLimits(batch_rows))


def surveyed(
    source: Source,
    work: SurveyPass,
    workers: int = 1,
    size: TaskSize = TaskSize(),  # noqa: B008
) -> dict[str, KindSurvey]:
    (surveys,) = work.nothing_found()
    for task in cut_tasks(source.files, workers, size):
        (found,) = work(task)
        for kind, identities in found.items():
            merge(surveys[kind], identities)
    return surveys


def apply_pass(
    source: Source,
    *reporters: tuple[AnyReporter, RunContext],
    spool: Path | None = None,
    batch_rows: int = 2,
    tokenizers: Sequence[Tokenizer] = (Handles(), Projects()),
) -> ApplyPass:
    survey = survey_pass(source, *tokenizers)
    surveys = surveyed(source, survey)
    table = {one.kind: number(one, surveys[one.kind], {}) for one in tokenizers}
    column_roles = survey.surveyors[0].column_roles
    replacer = TextReplacer(literals(tokenizers, table))
    anonymizer = Anonymizer(tuple(tokenizers), (), column_roles, table, replacer)
    bound = tuple(BoundReporter(f"r{place}", reporter, held) for place, (reporter, held) in enumerate(reporters))
    asked = {kind for one in bound for kind in one.reporter.mentioned_kinds}
    mentions = TextIdentities.wanted(asked, tuple(tokenizers), column_roles, Roles(), table)
    shared = str(spool) if spool else None
    return ApplyPass(anonymizer, bound, survey.schema, CELLS, BatchLimits(batch_rows), shared, mentions)


def whole(source: Source) -> Task:
    return tuple(fragment for task in cut_tasks(source.files, 1) for fragment in task)


class BrokenHandles(Handles):
    """Fails where its options say."""

    def identify(self, cells: pa.Array) -> pa.Array:
        if "identify" in self.words:
            raise ValueError(f"no such user: {cells.to_pylist()}")
        return super().identify(cells)

    def mentions(self, text: pa.Array, column: str, roles: Roles) -> Mentions | None:
        if "mentions" in self.words:
            raise ValueError(f"no such text: {text.to_pylist()}")
        return None


class TestSurveyPass:
    def test_the_identities_of_a_task(self, source: Source) -> None:
        (found,) = survey_pass(source, Handles(), Projects())(whole(source))
        counts = {kind: {one: seen.count for one, seen in held.items()} for kind, held in found.items()}
        assert counts == {
            "user": {"bob": 3, None: 2, SECRET: 1, "carl": 1, "dora": 0},
            "project": {"nova": 2, "dune": 1},
        }
        assert found["project"]["dune"].first_row == 4

    @pytest.mark.parametrize("workers", [1, 2, 5])
    @pytest.mark.parametrize("batch_rows", [1, 3, 100])
    def test_merged_tasks_find_the_same(self, source: Source, workers: int, batch_rows: int) -> None:
        (expected,) = survey_pass(source, Handles(), Projects())(whole(source))
        work: SurveyPass = pickle.loads(pickle.dumps(survey_pass(source, Handles(), Projects(), batch_rows=batch_rows)))
        assert surveyed(source, work, workers, TaskSize(most_rows=1)) == expected

    def test_surveyors_share_a_pass_and_have_their_own_columns(self, source: Source) -> None:
        alone = [survey_pass(source, one) for one in (Handles(), Projects())]
        surveyors = [work.surveyors[0] for work in alone]
        nobody = Surveyor.from_tokenizers((), surveyors[0].column_roles, Roles())
        schema = source.schema(["User", "Cmd"])
        joint = SurveyPass.from_schema((*surveyors, nobody), schema, CELLS, BatchLimits(2))
        assert joint(whole(source)) == (*(work(whole(source))[0] for work in alone), {})
        assert not SurveyPass.from_schema((nobody,), schema, CELLS, BatchLimits(2)).schema.names

    @pytest.mark.parametrize("where", ["identify", "mentions"])
    def test_an_anonymizer_that_fails(self, source: Source, where: str) -> None:
        with pytest.raises(PluginError) as caught:
            survey_pass(source, BrokenHandles(words=(where,)))(whole(source))
        assert str(caught.value).startswith("anonymizer user failed: ValueError at test_passes.py:")
        assert f" in {where} (" in str(caught.value)
        assert not any(name in str(caught.value) for name in (SECRET, "bob"))


class Failing(Count):
    def __init__(self, where: str) -> None:
        self.where = where

    def start(self, context: RunContext) -> int:
        return self.at("start", 0, context.schema)

    def consume(self, state: int, batch: Batch) -> int:
        return self.at("consume", state, batch.data.to_pylist())

    def at(self, where: str, state: int, secret: object) -> int:
        if where == self.where:
            raise RuntimeError(f"cannot read {secret} {SECRET}")
        return state


class FailingListing(Rows):
    def render(self, batch: Batch) -> Mapping[str, bytes]:
        raise RuntimeError(f"cannot read {batch.data.to_pylist()}")


class TextListing(Rows):
    """Renders text, not bytes."""

    def render(self, batch: Batch) -> Mapping[str, Any]:
        return {"rows": SECRET}


class ViewListing(Rows):
    """Renders views: of a part of a buffer whose items are not bytes, and of nothing."""

    def render(self, batch: Batch) -> Mapping[str, Any]:
        lines = super().render(batch)
        held = {stream: array("H", b"  " + data + b" " * (len(data) % 2)) for stream, data in lines.items()}
        return {"nothing": memoryview(b""), **{stream: memoryview(items)[1:] for stream, items in held.items()}}


def rendered(applied: Applied, place: int) -> list[tuple[str, bytes]]:
    """The chunks that a listing rendered, from its spool file or out of the result."""
    spool = applied.spools[place]
    if spool is None:
        return [(chunk.stream, chunk.data or b"") for chunk in applied.chunks[place]]
    data = Path(spool).read_bytes() if applied.chunks[place] else b""
    assert len(data) == sum(chunk.size for chunk in applied.chunks[place])
    return [(chunk.stream, data[chunk.offset : chunk.offset + chunk.size]) for chunk in applied.chunks[place]]


GARBLED_USERS = [b"UR_1", b"None", b"UR_4", b"UR_1@example.org", b"UR_5", b"None", b"UR_1"]


class Identified(Count):
    """Notes the identities of all rows, by kind."""

    mentioned_kinds: tuple[str, ...] = ()

    def __init__(self, mentioned_kinds: tuple[str, ...] = ()) -> None:
        self.mentioned_kinds = mentioned_kinds  # type: ignore[misc]
        self.seen: dict[str, list[list[int]]] = {}

    def consume(self, state: int, batch: Batch) -> int:
        for kind, codes in batch.identities.items():
            assert codes.type == pa.list_(pa.int32())
            self.seen.setdefault(kind, []).extend(codes.to_pylist())
        return state


class TestApplyPass:
    @pytest.fixture(params=[True, False], ids=["spooled", "sent"])
    def spool(self, request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
        if not request.param:
            return None
        (tmp_path / "spool").mkdir()
        return tmp_path / "spool"

    def test_states_and_chunks(self, source: Source, spool: Path | None) -> None:
        work = apply_pass(
            source, (Count(), context()), (Rows(), context()), (Rows("Cmd", by="User"), context()), spool=spool
        )
        applied = work(whole(source))
        assert applied.rows == 7
        assert applied.states == (7, 7, 7)
        assert applied.chunks[0] == ()
        assert applied.spools[0] is None
        assert [stream for stream, _ in rendered(applied, 1)] == ["rows"] * 4
        assert b",\n".join(data for _, data in rendered(applied, 1)) == b",\n".join(GARBLED_USERS)
        by_user = rendered(applied, 2)
        assert by_user[:3] == [("UR_1", b"ls /PR_1/UR_1"), ("None", b"~UR_3"), ("UR_4", b"None")]
        assert by_user[-1] == ("UR_1", b"x")

    def test_views_are_as_good_as_bytes(self, source: Source, spool: Path | None) -> None:
        applied = apply_pass(source, (Rows(), context()), (ViewListing(), context()), spool=spool)(whole(source))
        assert [(stream, data.rstrip()) for stream, data in rendered(applied, 1)] == rendered(applied, 0)
        assert pickle.loads(pickle.dumps(applied)) == applied

    def test_only_their_owner_may_read_what_is_spooled(self, source: Source, tmp_path: Path) -> None:
        applied = apply_pass(source, (Rows(), context()), spool=tmp_path)(whole(source))
        spool = applied.spools[0]
        assert spool is not None
        assert Path(spool).stat().st_mode & 0o777 == 0o600

    def test_a_task_that_is_done_twice_is_spooled_twice(self, source: Source, tmp_path: Path) -> None:
        (tmp_path / "spool").mkdir()
        work = apply_pass(source, (Rows(), context()), spool=tmp_path / "spool")
        first, second = work(whole(source)), work(whole(source))
        assert first.spools != second.spools
        assert rendered(first, 0) == rendered(second, 0)

    def test_raw_rows_go_to_raw_reporters_alone(self, source: Source) -> None:
        raw, garbled = context(garbled=False), context()
        applied = apply_pass(source, (Rows(), raw), (Rows(), garbled), (Rows("Cmd"), garbled), batch_rows=100)(
            whole(source)
        )
        users = [b"None" if user in {None, ""} else str(user).encode() for user in USERS]
        assert b",\n".join(data for _, data in rendered(applied, 0)) == b",\n".join(users)
        assert b",\n".join(data for _, data in rendered(applied, 1)) == b",\n".join(GARBLED_USERS)
        assert SECRET.encode() not in b"".join(data for _, data in rendered(applied, 2))

    @pytest.mark.parametrize("garbled", [True, False])
    def test_batches_carry_their_rows_and_identities(self, source: Source, garbled: bool) -> None:
        seen: list[tuple[int, list[list[int]]]] = []

        class Watching(Count):
            def consume(self, state: int, batch: Batch) -> int:
                seen.append((batch.first_row, batch.identities["user"].to_pylist()))
                return state

        apply_pass(source, (Watching(), context(garbled=garbled)), batch_rows=5)(whole(source))
        assert [first for first, _ in seen] == [0, 4]
        assert [code for _, codes in seen for code in codes] == [[0], [1], [3], [0], [4], [1], [0]]

    @pytest.mark.parametrize("garbled", [True, False])
    def test_mentioned_identities_go_to_a_reporter_that_asks(self, source: Source, garbled: bool) -> None:
        asking, plain = Identified(mentioned_kinds=("project", "nowhere")), Identified()
        apply_pass(source, (asking, context(garbled=garbled)), (plain, context()), batch_rows=5)(whole(source))
        assert asking.seen == {
            "user": [[0], [1], [3], [0], [4], [1], [0]],
            "project": [[0], [], [], [], [1], [0], []],
        }
        assert list(plain.seen) == ["user"]

    def test_the_plugin_of_each_state_is_known(self, source: Source) -> None:
        work = apply_pass(source, (Count(), context()), (Identified(), context()))
        assert work.plugins_of(work(whole(source))) == {"reporter r0": 7, "reporter r1": 0}
        assert list(work.plugins_of(work).values()) == [bound.reporter for bound in work.reporters]

    def test_nothing_is_looked_for_in_text_when_no_reporter_asks(self, source: Source) -> None:
        mute = Projects(words=("nova", "dune"))
        assert apply_pass(source, (Count(), context()), tokenizers=[Handles(), mute]).mentions.finders == ()

    def test_a_kind_with_a_column_is_not_looked_for_in_text(self, source: Source) -> None:
        work = apply_pass(source, (Identified(mentioned_kinds=("user", "project")), context()))
        assert [finder.kind for finder in work.mentions.finders] == ["project"]

    def test_an_empty_task_has_the_state_of_the_start(self, source: Source) -> None:
        assert apply_pass(source, (Count(), context()))(()) == Applied(0, (0,), ((),), (None,), {})

    def test_it_can_be_sent(self, source: Source) -> None:
        work: ApplyPass = pickle.loads(pickle.dumps(apply_pass(source, (Rows(), context()))))
        assert work(whole(source)).rows == 7

    @pytest.mark.parametrize(
        ("reporter", "where"),
        [(Failing("start"), "at"), (Failing("consume"), "at"), (FailingListing(), "render")],
    )
    def test_a_reporter_that_fails(self, source: Source, reporter: AnyReporter, where: str) -> None:
        work = apply_pass(source, (Count(), context()), (reporter, context(garbled=False)))
        with pytest.raises(
            PluginError, match=rf"^reporter r1 failed: RuntimeError at test_passes\.py:\d+ in {where} "
        ) as caught:
            work(whole(source))
        assert SECRET not in str(caught.value)

    def test_a_listing_that_renders_no_bytes(self, source: Source, tmp_path: Path) -> None:
        work = apply_pass(source, (TextListing(), context()), spool=tmp_path)
        with pytest.raises(PluginError, match=r"^reporter r0 failed: TypeError at ") as caught:
            work(whole(source))
        assert SECRET not in str(caught.value)

    @pytest.mark.parametrize("garbled", [True, False])
    def test_an_anonymizer_that_fails(self, source: Source, garbled: bool) -> None:
        work = apply_pass(source, (Count(), context(garbled=garbled)), tokenizers=[Handles()])
        broken = Anonymizer(
            (BrokenHandles(words=("identify",)),),
            (),
            work.anonymizer.column_roles,
            work.anonymizer.table,
            work.anonymizer.garble,
        )
        with pytest.raises(PluginError, match=r"^an anonymizer failed: ValueError at test_passes\.py:\d+ in identify "):
            attrs.evolve(work, anonymizer=broken)(whole(source))

    def test_a_file_that_changed_between_the_passes(self, source: Source) -> None:
        work = apply_pass(source, (Count(), context()))
        write_parquet(Path(source.files[1].data.path), {"User": ["zoe"] * 3, "Cmd": ["x"] * 3}, group=1)
        with pytest.raises(
            AnonkitError, match="an input file changed while it was being read: it holds a user that was not"
        ):
            work(whole(source))
