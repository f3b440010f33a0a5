"""The set-up script: what it installs again, and what it says when it cannot."""

import json
import subprocess
import venv
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the script, set to work in an empty folder and to install nothing."""
    spec = spec_from_file_location("run", ROOT / "run.py")
    assert spec and spec.loader
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    folder = tmp_path / ".venv"
    monkeypatch.setattr(script, "VENV", folder)
    monkeypatch.setattr(script, "RECORD", folder / "alssim-setup.json")
    monkeypatch.setattr(script, "PYTHON", folder / "bin" / "python")
    monkeypatch.setattr(script, "installers", lambda: ["pip"])
    monkeypatch.setattr(script, "has_pip", lambda: True)
    monkeypatch.setattr(venv.EnvBuilder, "create", pretend_environment)
    return script


def pretend_environment(builder: venv.EnvBuilder, folder: Path) -> None:
    """Stand in for the slow making of an environment."""
    (folder / "bin").mkdir()
    (folder / "bin" / "python").touch()


class Installed:
    """Records what would have been installed; can be told to break off."""

    def __init__(self, fails_at: str = "") -> None:
        self.parts: list[str] = []
        self.fails_at = fails_at

    def __call__(self, tool: str, part: str) -> None:
        if part == self.fails_at:
            raise KeyboardInterrupt
        self.parts.append(part)


def install(run: ModuleType, level: str, fails_at: str = "") -> list[str]:
    """Prepare a level and return the parts that were installed for it."""
    installed = Installed(fails_at)
    vars(run)["install"] = installed
    run.prepare(level)
    return installed.parts


def test_a_second_start_installs_nothing(run: ModuleType) -> None:
    assert install(run, "app") == ["app"]
    assert install(run, "app") == []


def test_the_tests_are_added_to_the_app_and_hold_it(run: ModuleType) -> None:
    install(run, "app")
    assert install(run, "test") == ["test"]
    assert install(run, "app") == []


def test_other_versions_are_installed_afresh(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(run, "test")
    monkeypatch.setattr(run.sys, "version", "3.99")
    assert install(run, "test") == ["app", "test"]


def test_an_interrupted_set_up_starts_over(run: ModuleType) -> None:
    with pytest.raises(KeyboardInterrupt):
        install(run, "test", fails_at="test")
    assert json.loads(run.RECORD.read_text(encoding="utf-8")) == {}
    assert install(run, "test") == ["app", "test"]


def test_a_folder_of_someone_else_is_left_alone(run: ModuleType) -> None:
    run.VENV.mkdir()
    (run.VENV / "pyvenv.cfg").touch()
    with pytest.raises(SystemExit, match="did not make"):
        install(run, "app")
    assert (run.VENV / "pyvenv.cfg").exists()


@pytest.mark.parametrize(
    "refusal", [subprocess.CalledProcessError(1, "ensurepip"), SystemExit(1), ImportError("venv")]
)
def test_a_python_without_venv_is_told_what_to_install(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, refusal: BaseException
) -> None:
    def refuse(*_: object) -> None:
        raise refusal

    monkeypatch.setattr(venv.EnvBuilder, "create", refuse)
    with pytest.raises(SystemExit, match="python3-venv"):
        install(run, "app")
    assert not run.VENV.exists()


def test_a_failed_installation_says_what_to_do(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise subprocess.CalledProcessError(1, "pip")

    monkeypatch.setattr(run, "run_installer", fail)
    with pytest.raises(SystemExit, match="run the same command again"):
        run.prepare("app")


def test_numba_may_be_missing_but_not_on_a_test_machine(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise subprocess.CalledProcessError(1, "pip")

    monkeypatch.setattr(run, "run_installer", fail)
    monkeypatch.delenv("CI", raising=False)
    run.install_compiled_engine("pip")
    assert "works without it" in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    with pytest.raises(subprocess.CalledProcessError):
        run.install_compiled_engine("pip")


def test_an_unknown_word_is_explained(run: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["tset"]) == 2
    assert "unknown command: tset" in capsys.readouterr().err
