"""The operator's words: what stays, what betrays somebody besides; the same options for each kind of identity."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from anonkit_std.options.tokenizers import (
    EmailOptions,
    ExperimentOptions,
    HostOptions,
    IpOptions,
    UserOptions,
)
from anonkit_std.tokenizers.email import EmailTokenizer
from anonkit_std.tokenizers.experiment import ExperimentTokenizer
from anonkit_std.tokenizers.host import HostTokenizer
from anonkit_std.tokenizers.ip import IpTokenizer
from anonkit_std.tokenizers.user import UserTokenizer

import anonkit.config
from anonkit.api import Alias, ConfigError, Roles, Tokenizer
from anonkit.config import Overrides, load_resolved
from anonkit.config.show import render_values

TOKENIZERS: dict[str, tuple[type[Any], type[Any], str]] = {
    "user": (UserTokenizer, UserOptions, "annakowalik"),
    "ip": (IpTokenizer, IpOptions, "192.0.2.7"),
    "experiment": (ExperimentTokenizer, ExperimentOptions, "zebra"),
    "host": (HostTokenizer, HostOptions, "node1.example.org"),
    "email": (EmailTokenizer, EmailOptions, "annak@example.org"),
}
KINDS = pytest.mark.parametrize("kind", TOKENIZERS)


def made(kind: str, **options: Any) -> Tokenizer:
    tokenizer, options_class, _ = TOKENIZERS[kind]
    result: Tokenizer = tokenizer(options_class(**options))
    return result


def texts(tokenizer: Tokenizer, identity: str) -> set[str]:
    return {alias.text if isinstance(alias, Alias) else alias for alias in tokenizer.aliases(identity)}


@KINDS
def test_an_ignored_identity_has_no_spelling(kind: str) -> None:
    identity = TOKENIZERS[kind][2]
    assert identity in texts(made(kind), identity)
    assert not texts(made(kind, ignore=(identity.upper(),)), identity)


@KINDS
def test_an_identity_that_is_like_a_word_to_keep_has_no_spelling(kind: str) -> None:
    identity = TOKENIZERS[kind][2]
    assert not texts(made(kind, keep=(f"{identity[:4].upper()}*",)), identity)
    assert texts(made(kind, keep=("other*", "[a-z]*", "?*")), identity)


@KINDS
def test_an_alias_is_one_more_spelling(kind: str) -> None:
    identity = TOKENIZERS[kind][2]
    tokenizer = made(kind, aliases={identity.upper(): ("grey-heron",)})
    assert texts(tokenizer, identity) >= {identity, "grey-heron"}
    assert not texts(made(kind, ignore=(identity,), aliases={identity: ("grey-heron",)}), identity)


def test_an_alias_covers_its_spellings() -> None:
    user = texts(made("user", aliases={"annak": ("Kowalik,  Anna",)}), "annak")
    assert user >= {"Anna Kowalik", "Kowalik, Anna", "Anna_Kowalik", "kowalik.anna".title(), "AnnaKowalik"}
    assert "greyhero" in texts(made("user", aliases={"annak": ("greyheron",)}), "annak")
    assert "oystercat" in texts(made("experiment", aliases={"zebra": ("oystercatcher",)}), "zebra")
    assert "farm07" in texts(made("host", aliases={"node1.example.org": ("farm07.example.org",)}), "node1.example.org")
    address = texts(made("ip", aliases={"192.0.2.7": ("198.51.100.4",)}), "192.0.2.7")
    assert address >= {"198.51.100.4", "198-51-100-4", "c6336404"}


def test_a_single_spelling_may_stay() -> None:
    assert texts(made("host", keep=("node1",)), "node1.example.org") == {"node1.example.org"}
    assert "annakowa" not in texts(made("user", keep=("annakowa",)), "annakowalik")
    assert not texts(made("host", ignore=("node1",)), "node1.example.org")


def test_a_spelling_of_a_certificate_that_stays_is_no_mention() -> None:
    text = pa.array(["/DC=org/OU=People/CN=Anna Kowalik/CN=UID:annak"])
    found = made("user", keep=("kowalik*",)).mentions(text, "x509userproxysubject", Roles())
    assert found is not None
    spellings = found.spellings.to_pylist()
    assert "Anna Kowalik" in spellings
    assert not [one for one in spellings if one.casefold().startswith("kowalik")]


def test_a_strong_short_name_of_a_host_is_replaced() -> None:
    assert "farm" not in texts(made("host"), "farm.example.org")
    assert "farm" in texts(made("host", strong=("Farm",)), "farm.example.org")


def configured(kind: str, **options: Any) -> Any:
    values = {"anonymizers": {kind: {"enabled": True, **options}}}
    config = anonkit.config.load(values, environ={}, complete=False)
    return next(one.options for one in config.anonymizers if one.name == kind)


class TestInTheConfiguration:
    @KINDS
    @pytest.mark.parametrize("key", ["ignore", "keep"])
    def test_words_add_to_the_default(self, kind: str, key: str) -> None:
        default = getattr(TOKENIZERS[kind][1](), key)
        assert getattr(configured(kind, **{key: ["heron"]}), key) == (*default, "heron")
        for word in default:
            assert word not in getattr(configured(kind, **{key: [f"-{word}"]}), key)

    @pytest.mark.parametrize(("kind", "key"), [("ip", "strong"), ("ip", "weak"), ("email", "strong"), ("host", "weak")])
    def test_a_key_that_a_tokenizer_does_not_have_is_refused_with_the_reason(self, kind: str, key: str) -> None:
        reason = TOKENIZERS[kind][1].not_options[key]
        with pytest.raises(ConfigError) as caught:
            configured(kind, **{key: ["heron"]})
        assert list(caught.value.mistakes) == [f"[anonymizers.{kind}] {key}: no such key: {reason}"]
        with pytest.raises(ConfigError, match="no such option: a"):
            anonkit.config.load(
                environ={}, complete=False, overrides=Overrides(assignments=(f"anonymizers.{kind}.{key}=heron",))
            )

    @pytest.mark.parametrize(
        ("options", "mistake"),
        [
            ({"strong": ["Heron"], "weak": ["heron"]}, "strong, weak: a word is in both lists"),
            ({"ignore": ["heron"], "strong": ["heron"]}, "ignore, strong: a word is in both lists"),
            ({"keep": [" "]}, "keep: a word is blank"),
        ],
    )
    @pytest.mark.parametrize("kind", ["user", "experiment"])
    def test_contradictory_options_are_refused(self, kind: str, options: dict[str, list[str]], mistake: str) -> None:
        with pytest.raises(ConfigError, match=mistake) as caught:
            configured(kind, **options)
        assert "heron" not in str(caught.value).casefold()

    def test_a_variable_a_flag_and_a_file_set_the_same_words(self, tmp_path: Path) -> None:
        (tmp_path / "anonkit.toml").write_text('[anonymizers.user]\nignore = ["-root", "heron"]\n')
        expected = configured("user", ignore=["-root", "heron"]).ignore
        assert ("root" in expected, "condor" in expected, "heron" in expected) == (False, True, True)
        for given in (
            {"environ": {"ANONKIT_ANONYMIZERS_USER_IGNORE": "-root,heron"}},
            {"environ": {}, "overrides": Overrides(assignments=("anonymizers.user.ignore=-root,heron",))},
            {"environ": {}, "overrides": Overrides(assignments=("anonymizers.user.ignore=['-root', 'heron']",))},
            {"environ": {}, "file": tmp_path / "anonkit.toml"},
        ):
            resolved = load_resolved(complete=False, **given)  # type: ignore[arg-type]
            assert resolved.config.anonymizers[0].options.ignore == expected
            shown = tmp_path / "shown.toml"
            shown.write_text(render_values(resolved))
            again = load_resolved(file=shown, environ={}, complete=False)
            assert again.config.anonymizers[0].options.ignore == expected

    def test_removing_a_word_that_the_default_does_not_have_is_refused(self) -> None:
        with pytest.raises(ConfigError, match=r"ignore\[0\]: a word after '-' .*\(did you mean 'root'\?\)") as caught:
            configured("user", ignore=["-roott"])
        assert "roott" not in str(caught.value)
