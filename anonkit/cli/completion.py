"""`anonkit completion`, and the names that a shell may complete."""

from __future__ import annotations

import click

__all__ = ["VARIABLE", "command"]

VARIABLE = "_ANONKIT_COMPLETE"
"""The variable by which a shell asks the program for completions."""


@click.command(name="completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    Each example is for one shell, and completes commands in every new one of its sort.

    \b
    Examples:
      anonkit completion bash >> ~/.bashrc
      anonkit completion zsh >> ~/.zshrc
      anonkit completion fish > ~/.config/fish/completions/anonkit.fish
    """
    from click.shell_completion import get_completion_class

    completion = get_completion_class(shell)
    assert completion is not None
    click.echo(completion(ctx.find_root().command, {}, "anonkit", VARIABLE).source())
