"""The cases of a cohort as the command line finds them: read, or verified with the arguments of ``verify``."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from brachyresponse.cohort import (
    CaseOutcome,
    CaseStatus,
    CaseTask,
    CohortCase,
    case_of,
    cases_of_rows,
    holds_values,
    key_of_inputs,
    read_rows,
)
from brachyresponse.cohort.case_table import CASE
from brachyresponse.cohort.running import LOG
from brachyresponse.command_line import verify
from brachyresponse.errors import BrachyResponseError, CohortError, InputFileError
from brachyresponse.planning.record import read_record
from brachyresponse.verification import read_verification

VERIFICATION, CASE_FILE = "verification.json", "case.json"
ARGUMENTS_COLUMN, VERIFICATION_COLUMN = "arguments", "verification"
SCHEMA = 1
UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class FoundCases:
    """What a folder or a table holds.

    Parameters
    ----------
    names
        Of all cases, in their order.
    values
        Cases whose values are known already.
    verifications
        Paths of verifications that are read, by case.
    tasks
        Cases that are verified; their results are read afterwards.
    unusable
        Cases whose arguments are wrong.
    """

    names: tuple[str, ...]
    values: tuple[CohortCase, ...] = ()
    verifications: tuple[tuple[str, Path], ...] = ()
    tasks: tuple[CaseTask, ...] = ()
    unusable: tuple[CaseOutcome, ...] = ()

    def read(self, outcomes: Sequence[CaseOutcome]) -> tuple[tuple[CohortCase, ...], tuple[CaseOutcome, ...]]:
        """Return the cases in their order, and those that could not be read.

        Parameters
        ----------
        outcomes
            What became of ``tasks``.
        """
        failed = {one.name for one in outcomes if one.status is CaseStatus.FAILED}
        computed = [(task.name, task.folder) for task in self.tasks if task.name not in failed]
        cases, unread = {case.name: case for case in self.values}, []
        for name, path in (*self.verifications, *computed):
            try:
                cases[name] = case_of(name, read_verification(path))
            except BrachyResponseError as error:
                unread.append(CaseOutcome(name, CaseStatus.FAILED, str(error)))
        return tuple(cases[name] for name in self.names if name in cases), tuple(unread)


def find_cases(path: Path, results: Path) -> FoundCases:
    """Return the cases in a folder or a table; ``results`` is the folder for those that are verified.

    Raises
    ------
    InputFileError
        The path does not exist, a folder holds no case, or a table cannot be read.
    CohortError
        A table has neither verifications, nor arguments, nor values.
    """
    if path.is_dir():
        return _in_folder(path, results)
    if not path.is_file():
        raise InputFileError(f"{str(path)!r} does not exist: give a folder of cases, or a CSV file with a row a case.")
    rows = read_rows(path)
    names = tuple(row[CASE] for row in rows)
    if holds_values(rows):
        return FoundCases(names, values=cases_of_rows(path.name, rows))
    if VERIFICATION_COLUMN in rows[0]:
        verified = tuple((row[CASE], path.parent / row[VERIFICATION_COLUMN]) for row in rows)
        return FoundCases(names, verifications=verified)
    if ARGUMENTS_COLUMN in rows[0]:
        typed = ((row[CASE], shlex.split(row[ARGUMENTS_COLUMN]), path.parent) for row in rows)
        return _with_tasks(names, typed, results)
    raise CohortError(
        f"The table {path.name!r} has neither a column {VERIFICATION_COLUMN!r} nor {ARGUMENTS_COLUMN!r} nor pairs such "
        "as 'PTV D90 plan' and 'PTV D90 implant': give one of them."
    )


def verify_case(task: CaseTask) -> None:
    """Verify a case into its folder; what is said meanwhile goes into a file there."""
    options = task.payload
    assert isinstance(options, argparse.Namespace)
    options.out = task.folder
    with (task.folder / LOG).open("w", encoding="utf-8") as log, redirect_stdout(log), redirect_stderr(log):
        verify.run(options)


class _CaseParser(argparse.ArgumentParser):
    """A parser whose errors are those of a case, not the end of the run."""

    def error(self, message: str) -> NoReturn:
        raise CohortError(f"Its arguments are wrong: {message} (see python -m brachyresponse verify --help).")


def _in_folder(path: Path, results: Path) -> FoundCases:
    folders = [one for one in sorted(path.iterdir()) if one.is_dir() and one.resolve() != results.parent.resolve()]
    verified = {folder.name: folder for folder in folders if (folder / VERIFICATION).is_file()}
    described = {folder.name: folder for folder in folders if (folder / CASE_FILE).is_file()}
    if not verified and not described:
        raise InputFileError(
            f"The folder {str(path)!r} holds no case: expected folders with {VERIFICATION} or {CASE_FILE}."
        )
    arguments, unusable = [], []
    for name in described.keys() - verified.keys():
        try:
            arguments.append((name, _arguments_of(described[name] / CASE_FILE), described[name]))
        except InputFileError as error:
            unusable.append(CaseOutcome(name, CaseStatus.FAILED, str(error)))
    found = _with_tasks(tuple(sorted({*verified, *described})), sorted(arguments), results)
    return replace(found, verifications=tuple(verified.items()), unusable=(*unusable, *found.unusable))


def _arguments_of(path: Path) -> list[str]:
    record = read_record(path, SCHEMA)
    record.refuse_misspelt(("schema", "arguments"))
    return list(record.texts("arguments"))


def _with_tasks(names: tuple[str, ...], cases: Iterable[tuple[str, Sequence[str], Path]], results: Path) -> FoundCases:
    """Tasks from arguments of ``verify``, typed as in the folder of each case."""
    tasks, unusable = [], []
    for name, arguments, base in cases:
        try:
            options = _options(arguments, base)
        except CohortError as error:
            unusable.append(CaseOutcome(name, CaseStatus.FAILED, str(error)))
            continue
        paths = [value for value in vars(options).values() if isinstance(value, Path)]
        folder = results / UNSAFE.sub("_", name)
        tasks.append(CaseTask(name, folder, key_of_inputs(arguments, paths), options))
    return FoundCases(names, tasks=tuple(tasks), unusable=tuple(unusable))


def _options(arguments: Sequence[str], base: Path) -> argparse.Namespace:
    parser = _CaseParser(prog="verify", add_help=False, exit_on_error=False)
    verify.add_arguments(parser)
    if any(argument == "--out" or argument.startswith("--out=") for argument in arguments):
        raise CohortError("Its arguments hold --out: the cohort chooses where results go, leave it away.")
    try:
        options = parser.parse_args([*arguments, "--out", "."])
    except argparse.ArgumentError as error:
        raise CohortError(f"Its arguments are wrong: {error} (see python -m brachyresponse verify --help).") from error
    for name, value in vars(options).items():
        if isinstance(value, Path):
            setattr(options, name, base / value)
        elif isinstance(value, str) and value.endswith(".json") and (base / value).is_file():
            setattr(options, name, str(base / value))  # a source or a profile of the user's own
    return options
