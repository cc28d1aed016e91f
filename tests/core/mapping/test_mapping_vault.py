"""Encryption at rest: nothing readable on the disk, no way back to plain text unasked, keys from where they may be."""

from __future__ import annotations

import getpass
import stat
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pyrage
import pytest
from mappings import kind, saved

from anonkit.config.model import MappingOptions
from anonkit.errors import ConfigError, InputError, OutputError
from anonkit.mapping import Keys, Mapping
from anonkit.mapping.vault import is_sealed

PHRASE = "correct horse battery staple"
SECRET = "annakovaleva"


@pytest.fixture
def identity(tmp_path: Path) -> pyrage.x25519.Identity:
    made = pyrage.x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(f"# created: today\n# public key: {made.to_public()}\n{made}\n")
    return made


@pytest.fixture
def keys(identity: pyrage.x25519.Identity, tmp_path: Path) -> Keys:
    return Keys((str(identity.to_public()),), str(tmp_path / "key.txt"))


@pytest.fixture
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands for scrypt, which takes seconds by design; the real one has a test of its own. Has what was used."""
    used: list[str] = []
    mark = b"age-encryption.org/v1\n-> scrypt "

    def encrypt(data: bytes, passphrase: str) -> bytes:
        used.append(passphrase)
        return mark + passphrase.encode().hex().encode() + b"\n" + data[::-1]

    def decrypt(data: bytes, passphrase: str) -> bytes:
        used.append(passphrase)
        head, _, rest = data.removeprefix(mark).partition(b"\n")
        if head != passphrase.encode().hex().encode():
            raise pyrage.DecryptError("Decryption failed")
        return rest[::-1]

    monkeypatch.setattr(pyrage.passphrase, "encrypt", encrypt)
    monkeypatch.setattr(pyrage.passphrase, "decrypt", decrypt)
    return used


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Somebody at the terminal, who types these; `getpass` is the only way to ask."""
    typed: list[str] = []

    def asked(prompt: str) -> str:
        prompts.append(prompt)
        if not typed:
            raise EOFError
        return typed.pop(0)

    prompts: list[str] = []
    monkeypatch.setattr(getpass, "getpass", asked)
    return typed


class TestRecipients:
    def test_what_is_written_is_sealed_and_read_again(self, path: Path, keys: Keys) -> None:
        saved(path, keys, user={SECRET: 1, None: 2})
        data = path.read_bytes()
        assert data.startswith(b"age-encryption.org/v1\n-> X25519 ")
        assert SECRET.encode() not in data
        assert Mapping.load(path, keys).numbers("user") == {SECRET: 1, None: 2}
        saved(path, keys, user={"bob": 3})
        assert is_sealed(path.read_bytes())
        assert Mapping.load(path, keys).numbers("user") == {SECRET: 1, None: 2, "bob": 3}

    def test_any_of_several_opens_it(self, path: Path, keys: Keys, tmp_path: Path) -> None:
        other = pyrage.x25519.Identity.generate()
        (tmp_path / "other.txt").write_text(str(other))
        saved(path, Keys((*keys.recipients, str(other.to_public()))), user={SECRET: 1})
        for file in ("key.txt", "other.txt"):
            assert Mapping.load(path, Keys(identity_file=str(tmp_path / file))).numbers("user") == {SECRET: 1}

    @pytest.mark.parametrize("sort", ["ed25519", "rsa"])
    def test_ssh_keys(self, path: Path, tmp_path: Path, sort: str) -> None:
        file = tmp_path / "ssh"
        subprocess.run(["ssh-keygen", "-q", "-t", sort, "-N", "", "-C", "annak@example.org", "-f", file], check=True)
        keys = Keys((file.with_suffix(".pub").read_text(),), str(file))
        saved(path, keys, user={SECRET: 1})
        assert Mapping.load(path, keys).numbers("user") == {SECRET: 1}

    def test_a_plain_mapping_becomes_a_sealed_one(self, path: Path, keys: Keys) -> None:
        saved(path, user={SECRET: 1})
        domain = Mapping.load(path).domain
        saved(path, keys, user={"bob": 2})
        assert is_sealed(path.read_bytes())
        assert Mapping.load(path, keys).numbers("user") == {SECRET: 1, "bob": 2}
        assert Mapping.load(path, keys).domain == domain

    def test_what_was_armoured_by_age_is_read(self, path: Path, keys: Keys, identity: Any) -> None:
        saved(path, user={SECRET: 1})
        path.write_bytes(pyrage.encrypt(path.read_bytes(), [identity.to_public()], armored=True))
        assert Mapping.load(path, keys).numbers("user") == {SECRET: 1}

    def test_a_sealed_mapping_never_becomes_plain(self, path: Path, keys: Keys) -> None:
        saved(path, keys, user={SECRET: 1})
        before = path.read_bytes()
        with pytest.raises(ConfigError) as caught, Mapping.locked(path, Keys(identity_file=keys.identity_file)):
            pass
        assert str(caught.value) == (
            f"--mapping {path}: is encrypted, and must not be written as plain text; give a public key: "
            "--mapping-recipient age1…, or recipients below [mapping] in anonkit.toml"
        )
        with pytest.raises(ConfigError, match="must not be written as plain text"):
            Mapping.load(path, Keys(identity_file=keys.identity_file)).save({"user": kind({"bob": 2})})
        assert path.read_bytes() == before

    def test_the_plain_text_is_on_no_disk(self, path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[bytes] = []
        replace = Path.replace

        def looked_at(self: Path, target: Path) -> Path:
            seen.append(self.read_bytes())
            assert stat.S_IMODE(self.stat().st_mode) == 0o600
            return replace(self, target)

        monkeypatch.setattr(Path, "replace", looked_at)
        saved(path, keys, user={SECRET: 1})
        [temporary] = seen
        assert is_sealed(temporary)
        assert SECRET.encode() not in temporary
        assert sorted(one.name for one in path.parent.iterdir()) == ["key.txt", "mapping.json"]

    def test_a_change_meanwhile_is_noticed(self, path: Path, keys: Keys) -> None:
        saved(path, keys, user={SECRET: 1})
        mapping = Mapping.load(path, keys)
        saved(path, keys, user={"bob": 2})
        with pytest.raises(OutputError, match="another run changed the file"):
            mapping.save({"user": kind({"carl": 2})})

    @pytest.mark.parametrize("text", ["age1x", "annak", "ssh-ed25519 AAAA", "", "age1pq1zzz"])
    def test_what_is_no_recipient(self, path: Path, text: str) -> None:
        with pytest.raises(ConfigError) as caught, Mapping.locked(path, Keys((text,))):
            pass
        shown = repr(text) if text.startswith(("age1", "ssh-")) else "the one given"
        assert str(caught.value) == (
            f"--mapping-recipient: {shown} is not a public key; expected age1…, ssh-ed25519 … or ssh-rsa …, as "
            "`age-keygen -y` or a .pub file has it"
        )

    def test_a_private_key_in_its_place_is_not_shown(self, path: Path, identity: Any) -> None:
        with pytest.raises(ConfigError) as caught, Mapping.locked(path, Keys((str(identity),))):
            pass
        assert "AGE-SECRET" not in str(caught.value)


class TestIdentityFile:
    @pytest.fixture
    def sealed(self, path: Path, keys: Keys) -> Path:
        return saved(path, keys, user={SECRET: 1})

    def test_none_is_named(self, sealed: Path) -> None:
        with pytest.raises(ConfigError) as caught:
            Mapping.load(sealed)
        assert str(caught.value) == (
            f"--mapping {sealed}: is encrypted to a key; name the file with the private key: --mapping-identity FILE, "
            "or identity_file below [mapping] in anonkit.toml"
        )

    def test_it_is_not_there(self, sealed: Path) -> None:
        with pytest.raises(ConfigError) as caught:
            Mapping.load(sealed, Keys(identity_file="none.txt"))
        assert str(caught.value) == (
            "--mapping-identity none.txt: cannot be read (No such file or directory); name the file with the private "
            "key"
        )

    def test_the_key_of_another_user(self, sealed: Path, tmp_path: Path) -> None:
        file = tmp_path / "other.txt"
        file.write_text(str(pyrage.x25519.Identity.generate()))
        with pytest.raises(InputError) as caught:
            Mapping.load(sealed, Keys(identity_file=str(file)))
        assert str(caught.value) == (
            f"--mapping {sealed}: no key in {file} opens it, or it is damaged; name another key file with "
            "--mapping-identity, or restore the file"
        )

    @pytest.mark.parametrize(
        "content", [b"", b"# nothing\n", b"AGE-SECRET-KEY-1XYZ", b"\xff\xfe", b"-----BEGIN OPENSSH PRIVATE KEY-----\n"]
    )
    def test_without_a_key(self, sealed: Path, tmp_path: Path, content: bytes) -> None:
        file = tmp_path / "other.txt"
        file.write_bytes(content)
        with pytest.raises(ConfigError) as caught:
            Mapping.load(sealed, Keys(identity_file=str(file)))
        assert str(caught.value) == (
            f"--mapping-identity {file}: holds no private key that can be used; expected what `age-keygen` writes, or "
            "an SSH key (ed25519, rsa) without a passphrase"
        )

    def test_a_damaged_mapping(self, sealed: Path, keys: Keys) -> None:
        whole = sealed.read_bytes()
        for damaged in (whole[:-1], whole[:30], whole[:-20] + bytes(20)):
            sealed.write_bytes(damaged)
            with pytest.raises(InputError, match="or it is damaged"):
                Mapping.load(sealed, keys)

    def test_what_is_sealed_is_no_mapping(self, path: Path, keys: Keys, identity: Any) -> None:
        path.write_bytes(pyrage.encrypt(SECRET.encode(), [identity.to_public()]))
        with pytest.raises(InputError, match="not a mapping written by anonkit"):
            Mapping.load(path, keys)


class TestPassphrase:
    @pytest.fixture(autouse=True)
    def _cheap(self, cheap_passphrases: list[str]) -> None:
        """The real ones are dear: tests/end_to_end/test_vault.py has one."""

    def test_in_a_variable(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ANONKIT_MAPPING_PASSPHRASE", PHRASE)
        saved(path, user={SECRET: 1})
        saved(path, user={"bob": 2})
        assert is_sealed(path.read_bytes())
        assert Mapping.load(path).numbers("user") == {SECRET: 1, "bob": 2}

    @pytest.mark.parametrize("end", ["", "\n", "\r\n"])
    def test_in_a_file(self, path: Path, tmp_path: Path, cheap_passphrases: list[str], end: str) -> None:
        (tmp_path / "phrase").write_bytes(f"{PHRASE} {end}".encode())
        keys = Keys.from_options(MappingOptions(passphrase_file=str(tmp_path / "phrase")))
        saved(path, keys, user={SECRET: 1})
        assert Mapping.load(path, keys).numbers("user") == {SECRET: 1}
        assert set(cheap_passphrases) == {f"{PHRASE} "}

    def test_typed_twice_when_it_is_new_and_once_to_open(self, path: Path, terminal: list[str]) -> None:
        terminal += [PHRASE, PHRASE]
        saved(path, Keys.from_options(MappingOptions(ask_passphrase=True)), user={SECRET: 1})
        assert is_sealed(path.read_bytes())
        terminal += [PHRASE]
        saved(path, user={"bob": 2})
        terminal += [PHRASE]
        assert Mapping.load(path).numbers("user") == {SECRET: 1, "bob": 2}
        assert terminal == []

    def test_typed_differently(self, path: Path, terminal: list[str]) -> None:
        terminal += [PHRASE, "something else"]
        with pytest.raises(ConfigError) as caught:
            saved(path, Keys.from_options(MappingOptions(ask_passphrase=True)), user={SECRET: 1})
        assert str(caught.value) == f"--mapping {path}: the passphrases differ; nothing was done, run again"
        assert not path.exists()

    def test_an_empty_one(self, path: Path, terminal: list[str], tmp_path: Path) -> None:
        terminal += [""]
        with pytest.raises(ConfigError, match="an empty passphrase hides nothing"):
            saved(path, Keys.from_options(MappingOptions(ask_passphrase=True)), user={SECRET: 1})
        (tmp_path / "phrase").write_bytes(b"\n")
        with pytest.raises(ConfigError, match="phrase: empty; write the passphrase into it"):
            saved(path, Keys.from_options(MappingOptions(passphrase_file=str(tmp_path / "phrase"))), user={SECRET: 1})
        assert not path.exists()

    @pytest.mark.parametrize("content", [b"\xff", None])
    def test_a_file_that_is_unfit(self, path: Path, tmp_path: Path, content: bytes | None) -> None:
        if content is not None:
            (tmp_path / "phrase").write_bytes(content)
        with pytest.raises(ConfigError, match=r"^passphrase file .*phrase: (not UTF-8|cannot be read)"):
            saved(path, Keys.from_options(MappingOptions(passphrase_file=str(tmp_path / "phrase"))), user={SECRET: 1})

    @pytest.mark.parametrize("trouble", [EOFError(), OSError(), getpass.GetPassWarning("echo")])
    def test_no_terminal_to_ask_at(self, path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Exception) -> None:
        def asked(prompt: str) -> str:
            if isinstance(trouble, Warning):
                warnings.warn(trouble, stacklevel=1)
                return PHRASE
            raise trouble

        monkeypatch.setattr(getpass, "getpass", asked)
        with pytest.raises(ConfigError) as caught:
            saved(path, Keys.from_options(MappingOptions(ask_passphrase=True)), user={SECRET: 1})
        assert str(caught.value) == (
            f"--mapping {path}: needs a passphrase, and there is no terminal to ask for it; set "
            "ANONKIT_MAPPING_PASSPHRASE, or name a file that holds it: --mapping-passphrase-file"
        )

    def test_a_wrong_one(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ANONKIT_MAPPING_PASSPHRASE", PHRASE)
        saved(path, user={SECRET: 1})
        monkeypatch.setenv("ANONKIT_MAPPING_PASSPHRASE", "wrong one")
        with pytest.raises(InputError) as caught:
            Mapping.load(path)
        assert str(caught.value) == (
            f"--mapping {path}: the passphrase does not open it, or it is damaged; give the one it was encrypted "
            "with, or restore the file"
        )

    def test_recipients_win_for_what_is_written(self, path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ANONKIT_MAPPING_PASSPHRASE", PHRASE)
        saved(path, user={SECRET: 1})
        saved(path, keys, user={"bob": 2})
        monkeypatch.delenv("ANONKIT_MAPPING_PASSPHRASE")
        assert Mapping.load(path, keys).numbers("user") == {SECRET: 1, "bob": 2}

    def test_armoured(self, path: Path, identity: Any, keys: Keys) -> None:
        """Which way it is sealed shows under the armour, too: this one is by key, so nobody is asked."""
        path.write_bytes(pyrage.encrypt(b"x", [identity.to_public()], armored=True))
        with pytest.raises(InputError, match="not a mapping"):
            Mapping.load(path, keys)
        path.write_bytes(b"-----BEGIN AGE ENCRYPTED FILE-----")
        with pytest.raises(InputError, match="damaged"):
            Mapping.load(path, keys)

    def test_it_shows_in_no_repr(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ANONKIT_MAPPING_PASSPHRASE", PHRASE)
        keys = Keys()
        with Mapping.locked(path, keys) as mapping:
            mapping.save({"user": kind({SECRET: 1})})
        assert PHRASE not in repr(keys) + repr(mapping)


def test_without_the_package_the_message_says_what_to_install(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyrage", None)
    saved(path, user={"bob": 1})
    with pytest.raises(ConfigError) as caught:
        saved(path, Keys(("age1x",)), user={"bob": 1})
    assert str(caught.value) == (
        f"--mapping {path}: encryption needs a package that is not installed: pip install 'anonkit[vault]'"
    )
    path.write_bytes(b"age-encryption.org/v1\n-> X25519 ")
    with pytest.raises(ConfigError, match=r"pip install 'anonkit\[vault\]'"):
        Mapping.load(path)


def test_a_plain_mapping_needs_no_package(path: Path) -> None:
    code = (
        "import sys, pathlib; from anonkit.mapping import Keys, Mapping\n"
        "with Mapping.locked(pathlib.Path(sys.argv[1]), Keys()) as mapping: mapping.save({})\n"
        "assert 'pyrage' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    assert path.exists()


def test_the_recipients_are_known_to_a_later_run(path: Path, keys: Keys) -> None:
    saved(path, keys, user={SECRET: 1})
    commented = Keys(tuple(f"{key} annak@node1" for key in keys.recipients), keys.identity_file)
    assert not Mapping.existing(path, keys).has_other_recipients
    assert Mapping.existing(path, keys).recipients == commented.public_keys == keys.recipients
    other = str(pyrage.x25519.Identity.generate().to_public())
    assert Mapping.existing(path, Keys((other,), keys.identity_file)).has_other_recipients
