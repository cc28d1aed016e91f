"""An error says which plugin failed and where, never what was in the data."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pyarrow as pa
import pytest

from anonkit.errors import ConfigError, InputError, PluginError
from anonkit.plugin.guard import plugin_errors

SECRET = "annakovaleva"


class TestPluginErrors:
    def failing(self, error: BaseException) -> Callable[[], None]:
        def raising() -> None:
            with plugin_errors("reporter sites"):
                raise error

        return raising

    @pytest.mark.parametrize(
        "error",
        [
            *(ValueError(SECRET), KeyError(SECRET), pa.ArrowInvalid(SECRET), StopIteration(SECRET)),
            *(OSError(28, SECRET), SystemExit(SECRET)),
        ],
    )
    def test_the_message_of_the_exception_is_withheld(self, error: BaseException) -> None:
        with pytest.raises(PluginError) as caught:
            self.failing(error)()
        line = TestPluginErrors.failing.__code__.co_firstlineno + 3
        assert str(caught.value) == (
            f"reporter sites failed: {type(error).__name__} at test_plugin_errors.py:{line} in raising "
            "(its message is not shown, since it may quote data); report it to the plugin's author, "
            "or switch the plugin off with --disable sites"
        )
        assert caught.value.__suppress_context__
        assert SECRET not in repr(caught.value)

    def test_where_it_was_raised_is_the_innermost_place(self) -> None:
        def inner() -> None:
            raise ValueError(SECRET)

        def outer() -> None:
            with plugin_errors("reporter sites"):
                inner()

        with pytest.raises(PluginError, match=r"ValueError at test_plugin_errors\.py:\d+ in inner "):
            outer()

    @pytest.mark.parametrize(
        ("label", "end"),
        [
            ("anonymizer subnets", "author, or switch the plugin off with --disable subnets"),
            ("an anonymizer", "author, or switch the plugin off with --disable NAME"),
            ("encoder Zip (anonkit_zip)", "author, or switch the plugin off with --disable NAME"),
            ("executor cluster", "author, or name another one: [run] executor"),
            ("command usage", "author"),
        ],
    )
    def test_the_message_ends_with_a_way_without_the_plugin(self, label: str, end: str) -> None:
        with pytest.raises(PluginError) as caught, plugin_errors(label):
            raise ValueError(SECRET)
        assert str(caught.value).endswith(end)

    @pytest.mark.parametrize(
        "error",
        [
            InputError("told"),
            ConfigError(["told"]),
            MemoryError("told"),
            KeyboardInterrupt("told"),
        ],
    )
    def test_errors_that_are_no_fault_of_the_plugin_pass(self, error: BaseException) -> None:
        with pytest.raises(type(error), match="told") as caught:
            self.failing(error)()
        assert caught.value is error

    def test_the_error_can_be_sent(self) -> None:
        with pytest.raises(PluginError) as caught:
            self.failing(ValueError(SECRET))()
        sent = pickle.dumps(caught.value)
        assert SECRET.encode() not in sent
        assert str(pickle.loads(sent)) == str(caught.value)
