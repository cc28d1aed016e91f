from __future__ import annotations

import subprocess
import sys


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, timeout=60
    )


def test_a_second_import_imports_nothing_else() -> None:
    code = "import sys, anonkit.__main__; print([one for one in ('click', 'attrs', 'pyarrow') if one in sys.modules])"
    assert python(code).stdout == "[]\n"


def test_it_can_be_run_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "anonkit", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("anonkit ")
    assert subprocess.run([sys.executable, "-m", "anonkit", "rnu"], capture_output=True, check=False).returncode == 2


def test_an_interrupt_before_the_command_line_is_there() -> None:
    code = (
        "import sys\nfrom anonkit.__main__ import main\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'anonkit.cli': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "sys.exit(main())"
    )
    done = python(code, "run")
    assert (done.returncode, done.stderr, done.stdout) == (130, "anonkit: interrupted\n", "")
