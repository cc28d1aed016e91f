"""Passwords of command lines: no text without one of the words is changed."""

from __future__ import annotations

import pytest
from anonkit_std.secrets.logins import FLAGS, PROGRAMS, blank_logins, may_have_login
from hypothesis import given
from hypothesis import strategies as st

PARTS = st.sampled_from(
    (
        *FLAGS, *PROGRAMS, "-p", "-w ", "--user=", "--proxy-user ", "annak:hunter2", "hunter2", " ", " | ", "<<<", "'",
        "echo ", "x", "docker ", "az ", "-pass ", "curl -b a=", "oracle:",
    )
)  # fmt: skip


@given(st.lists(PARTS, max_size=7).map("".join))
def test_a_text_without_a_flag_or_program_does_not_change(text: str) -> None:
    assert may_have_login(text) or blank_logins(text, "(secret)") == text


@pytest.mark.parametrize(
    ("text", "blanked"),
    [("sshpass -p hunter2 ssh x", "sshpass -p (secret) ssh x"), ("echo hunter2 | kinit", "echo (secret) | kinit")],
)
def test_the_password_of_a_command_is_replaced(text: str, blanked: str) -> None:
    assert may_have_login(text)
    assert blank_logins(text, "(secret)") == blanked
