"""The program: its commands, and the meaning of its exit status.

0    done
1    an expected failure: no input, an unreadable file, a plugin that failed
2    wrong usage or configuration
3    a bug
130  interrupted
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence

import click

from anonkit.cli.completion import VARIABLE
from anonkit.cli.lazy import Lazy
from anonkit.cli.messages import lines_of, say
from anonkit.cli.program import Program
from anonkit.cli.streams import open_streams, redirect_to_null
from anonkit.errors import AnonkitError, PluginError
from anonkit.plugin.guard import is_debugging

__all__ = ["commands", "main"]

commands = Program(
    "anonkit",
    lazy={
        "run": Lazy("anonkit.cli.run:command", "Read job records, write anonymized reports."),
        "preview": Lazy(
            "anonkit.cli.preview:command", "Show what a run would change in some rows, and what would stay."
        ),
        "demo": Lazy("anonkit.cli.demo:command", "Write made-up job records to try things on."),
        "init": Lazy("anonkit.cli.init:command", "Write a commented anonkit.toml."),
        "catalogue": Lazy(
            "anonkit.cli.catalogue:command",
            "Show which columns of job records may name a person, and which must not be passed on.",
        ),
        "plugins": Lazy("anonkit.cli.plugins:command", "List the installed plugins, show one, write a new one."),
        "config": Lazy("anonkit.cli.config_show:group", "Show the configuration."),
        "audit": Lazy("anonkit.cli.audit:command", "Search files for every identity of a mapping."),
        "reveal": Lazy("anonkit.cli.reveal:command", "Print the identities of tokens."),
        "lookup": Lazy("anonkit.cli.lookup:command", "Print the tokens of people and other identities."),
        "restore": Lazy("anonkit.cli.restore:command", "Write an output with originals in place of tokens."),
        "completion": Lazy("anonkit.cli.completion:command", "Print the completion script of a shell."),
        "mapping": Lazy("anonkit.cli.mapping:group", "Merge, encrypt and prune mapping files."),
    },
    help="Turn private batch-job accounting data into reports that anybody may read.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
click.version_option(package_name="anonkit", message="anonkit %(version)s")(commands)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with these arguments, by default those of the process; return its exit status."""
    # Batch systems end a job with SIGTERM: staged files must be removed, as after an interrupt.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    open_streams()
    try:
        return _guarded(sys.argv[1:] if arguments is None else list(arguments))
    except BrokenPipeError:  # the reader of the output has closed it
        redirect_to_null(sys.stdout)
        return 1


def _guarded(arguments: list[str]) -> int:
    try:
        status = _invoke(arguments)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except AnonkitError as error:
        say(*lines_of(error))
        if isinstance(error, PluginError) and error.details:
            say("the original exception, because of --debug:", *error.details.splitlines())
        status = error.exit_status
    except (KeyboardInterrupt, click.Abort):
        say("interrupted")
        status = 130
    except BrokenPipeError:
        raise
    except Exception as error:
        if "--debug" in arguments or is_debugging():
            traceback.print_exc()
        status = _bug(error)
    return status


def _invoke(arguments: list[str]) -> int:
    if instruction := os.environ.get(VARIABLE):
        from click.shell_completion import shell_complete

        return shell_complete(commands, {}, "anonkit", VARIABLE, instruction)
    try:
        with commands.make_context("anonkit", arguments) as context:
            commands.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    return 0


def _bug(error: Exception) -> int:
    from anonkit.cli.crash import write_crash

    try:
        where = f"{write_crash(error)} says where it happened and holds no originals; please send it with your report"
    except OSError as failure:
        where = f"the file that says where it happened could not be written: {failure.strerror}"
    say(f"this is a bug, in anonkit or in a plugin ({type(error).__name__})", where)
    return 3
