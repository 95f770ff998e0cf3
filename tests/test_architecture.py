"""What import-linter cannot say. Each failure tells what to do instead."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.once  # it reads files
ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "fireside"
WRITES = {
    "create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete", "save", "aupdate", "acreate",
}  # fmt: skip
# Rooms that may write: actions and reactions, and the ground floor's own machinery. "take_in" and the like live inside actions/.
WRITERS = {"actions", "reactions", "sweeps", "jobs", "migrations", "tests"}
CLOCKS = {("timezone", "now"), ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
DICE = {"random", "secrets", "uuid"}
# Doors read the clock and throw the dice, and hand both to the actor.
DOORS = {"views", "api", "management", "middleware", "adapters", "jobs", "auth", "formats"}


def files(house: Path) -> Iterator[tuple[str, Path, ast.Module]]:
    for path in sorted(house.rglob("*.py")):
        parts = path.relative_to(house).parts
        if "migrations" in parts or "tests" in parts or len(parts) < 2:
            continue
        yield parts[0], path, ast.parse(path.read_text(encoding="utf-8"))


def room(house: Path, path: Path) -> str:
    """The part of an app that a file belongs to: "actions" for actions.py and for actions/anything.py."""
    return path.relative_to(house).parts[1].removesuffix(".py")


def models_of(house: Path) -> dict[str, str]:
    """Class name of each table -> its app."""
    found = {}
    for app, path, tree in files(house):
        if room(house, path) == "models":
            for node in tree.body:
                if isinstance(node, ast.ClassDef) and any(
                    ast.unparse(b).endswith(("models.Model", "AbstractBaseUser")) for b in node.bases
                ):
                    found[node.name] = app
    return found


def foreign_queries(house: Path) -> list[str]:
    """`Other.objects` outside the app that owns the table."""
    owners, wrong = models_of(house), []
    for app, path, tree in files(house):
        imported = {
            alias.asname or alias.name: (node.module or "").split(".")[1]
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fireside.")
            for alias in node.names
            if alias.name in owners and len((node.module or "").split(".")) > 1
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"} and isinstance(node.value, ast.Name):
                owner = imported.get(node.value.id)
                if owner and owner != app:
                    wrong.append(
                        f"{path.relative_to(house)}:{node.lineno}: {node.value.id}.objects belongs to {owner}. "
                        f"Add a function to fireside/{owner}/queries.py (or actions) and call it."
                    )
    return wrong


def stray_writes(house: Path) -> list[str]:
    """Writing to tables outside actions and reactions."""
    owners, wrong = models_of(house), []
    for app, path, tree in files(house):
        if app in {"lib", "activity", "serving"} or room(house, path) in WRITERS:
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in WRITES - {"save", "update", "delete"}
            ):
                base = ast.unparse(node.func.value)
                if base.split(".")[0] in owners and ".objects" in base:
                    wrong.append(f"{path.relative_to(house)}:{node.lineno}: {base}.{node.func.attr}() writes. Move it into an @action.")
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"update", "delete"}:
                base = ast.unparse(node.func.value)
                if ".objects" in base and base.split(".")[0] in owners:
                    wrong.append(f"{path.relative_to(house)}:{node.lineno}: {base}.{node.func.attr}() writes. Move it into an @action.")
    return wrong


def own_clocks(house: Path) -> list[str]:
    """The clock or the dice read where an actor (or a `now`) should have brought them."""
    wrong = []
    for app, path, tree in files(house):
        if app in {"serving"} or room(house, path) in DOORS or (app == "activity" and room(house, path) in {"doors", "actor", "worker"}):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                base = ast.unparse(node.func.value).split(".")[-1]
                if (base, node.func.attr) in CLOCKS or (base == "random" and app != "activity"):
                    wrong.append(
                        f"{path.relative_to(house)}:{node.lineno}: {base}.{node.func.attr}(). Use actor.now / actor.dice(…), or take `now`."
                    )
    return wrong


def long_files(house: Path) -> list[str]:
    return [
        f"{path.relative_to(house)} has {n} lines. Split it by noun into a package of the same name."
        for path in sorted(house.rglob("*.py"))
        if "migrations" not in path.parts and (n := len(path.read_text(encoding="utf-8").splitlines())) > 300
    ]


@pytest.mark.parametrize("rule", [foreign_queries, stray_writes, own_clocks, long_files])
def test_the_house_keeps_its_rules(rule):
    assert not rule(HOUSE), "\n" + "\n".join(rule(HOUSE))


BROKEN = {
    foreign_queries: ("spaces/queries.py", "from fireside.members.models import Member\n\nrows = Member.objects.all()\n"),
    stray_writes: ("spaces/views.py", "from fireside.spaces.models import Space\n\nSpace.objects.create(name='x')\n"),
    own_clocks: ("spaces/actions.py", "from django.utils import timezone\n\nnow = timezone.now()\n"),
    long_files: ("spaces/views.py", "x = 1\n" * 301),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_each_rule_bites(rule, tmp_path):
    house = tmp_path / "fireside"
    for app, text in {
        "spaces": "from django.db import models\n\n\nclass Space(models.Model):\n    pass\n",
        "members": "from django.contrib.auth.base_user import AbstractBaseUser\n\n\nclass Member(AbstractBaseUser):\n    pass\n",
    }.items():
        (house / app).mkdir(parents=True)
        (house / app / "models.py").write_text(text)
    assert rule(house) == []
    name, text = BROKEN[rule]
    (house / name).write_text(text)
    assert len(rule(house)) == 1


CONTRACTS = {
    "Apps only look down": ("fireside/members/wrong.py", "from fireside.spaces import models\n"),
    "Inside an app, doors look at actions, actions look at rules": ("fireside/spaces/rules.py", "from fireside.spaces import models\n"),
    "Rules are pure": ("fireside/spaces/rules.py", "import random\n"),
    "exhaustive": ("fireside/utils/__init__.py", "x = 1\n"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(cache_dir=None))"],
        cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip


def test_the_contracts_are_kept():
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize("name", CONTRACTS)
def test_each_contract_bites(name, tmp_path):
    shutil.copytree(HOUSE, tmp_path / "fireside", ignore=shutil.ignore_patterns("static", "locale", "__pycache__", "templates", "tests"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    file, text = CONTRACTS[name]
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as out:
        out.write(text)
    answer = lint(tmp_path)
    assert answer.returncode != 0
    assert "BROKEN" in answer.stdout or (name == "exhaustive" and "utils" in answer.stdout + answer.stderr)
