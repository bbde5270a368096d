"""The commands `pandu applications …` and `pandu apikeys …`; what they do is in bot/commands/work/applications.py."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.common import By, with_database

applications = typer.Typer(
    help="The register of applications: who asked for what, and where it stands.", no_args_is_help=True
)
apikeys = typer.Typer(help="Keys for the office's own systems (/api/v1).", no_args_is_help=True)


Number = Annotated[str, typer.Argument(help="Application number, like PDU-7K3M-9XQ4.")]
OfficeOption = Annotated[str, typer.Option(help="Only this office (id in knowledge/offices).")]


@applications.command("import")
def import_list(
    file: Annotated[
        Path, typer.Argument(help="CSV or XLSX; columns in docs/applications.md.", exists=True, dir_okay=False)
    ],
    by: By,
    preview: Annotated[bool, typer.Option("--preview", help="Say what would happen; write nothing.")] = False,
    skip_wrong: Annotated[
        bool, typer.Option("--skip-wrong", help="Write the right rows though others are wrong.")
    ] = False,
) -> None:
    """Add and move on what a list holds. All or nothing; running it twice changes nothing. Exit code 1 with errors."""
    from bot.commands.work import applications as work

    with_database(work.import_list, file, by, preview, skip_wrong)


@applications.command()
def add(
    service: Annotated[str, typer.Argument(help="Id of a service, like magetan-perluasan.")],
    by: By,
    procedure: Annotated[str, typer.Option(help="Where the service has several, like mandiri.")] = "",
    reference: Annotated[str, typer.Option(help="The office's own number.")] = "",
    applicant: Annotated[str, typer.Option(help="Name of the applicant.")] = "",
    business: Annotated[str, typer.Option(help="Name of the business.")] = "",
    phone: Annotated[list[str] | None, typer.Option(help="Checked number; on WhatsApp it opens the status.")] = None,
    stage: Annotated[str, typer.Option(help="Stage it stands in. Empty: the first.")] = "",
) -> None:
    """Register one application."""
    from bot.commands.work import applications as work

    new = {"service": service, "procedure": procedure, "reference": reference, "applicant": applicant}
    with_database(work.add_one, new | {"business": business, "phones": phone or [], "stage": stage}, by)


@applications.command("list")
def list_applications(
    office: OfficeOption = "",
    stage: Annotated[str, typer.Option(help="Only this stage.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 30,
) -> None:
    """The newest applications."""
    from bot.commands.work import applications as work

    with_database(work.show_list, office, stage, limit)


@applications.command()
def show(number: Number, by: By) -> None:
    """One application: what the applicant reads, its timeline, the stages that may follow."""
    from bot.commands.work import applications as work

    with_database(work.show_one, number, by)


@applications.command()
def advance(
    number: Number,
    stage: Annotated[str, typer.Argument(help="The stage it moves to; show lists them.")],
    by: By,
    reason: Annotated[str, typer.Option(help="The applicant reads it.")] = "",
    on: Annotated[str, typer.Option(help="Day on which it happened, like 20-11-2026. Empty: today.")] = "",
    expected: Annotated[str, typer.Option("--from", help="The stage that you saw; refused when it has changed.")] = "",
    correct: Annotated[bool, typer.Option("--correct", help="A correction: to any stage, with a reason.")] = False,
) -> None:
    """Move an application on; the applicant gets the news."""
    from bot.commands.work import applications as work

    with_database(work.advance_one, number, stage, by, reason, on, expected, correct)


@applications.command()
def receipt(
    number: Number,
    by: By,
    out: Annotated[Path | None, typer.Option(help="The PDF to write. Empty: NUMBER.pdf.", dir_okay=False)] = None,
) -> None:
    """Write the receipt with QR code and a new claim code; an earlier code ends."""
    from bot.commands.work import applications as work

    with_database(work.print_receipt, number, out, by)


@applications.command()
def receipts(
    by: By,
    out: Annotated[Path, typer.Option(help="The PDF to write.", dir_okay=False)] = Path("receipts.pdf"),
    office: OfficeOption = "",
    stage: Annotated[str, typer.Option(help="Only this stage.")] = "",
) -> None:
    """Write one PDF with a receipt for each (at most 200), with new claim codes; earlier codes end."""
    from bot.commands.work import applications as work

    with_database(work.print_receipts, office, stage, out, by)


@applications.command()
def due(office: OfficeOption = "") -> None:
    """Promises that break within two working days, and broken ones."""
    from bot.commands.work import applications as work

    with_database(work.show_due, office)


@applications.command("close-day")
def close_day(
    office: Annotated[str, typer.Argument(help="Id of the office.")],
    day: Annotated[str, typer.Argument(help="Like 24-12-2026.")],
    reason: Annotated[str, typer.Argument(help="Why.")],
) -> None:
    """Note a day on which an office is closed; it does not count as a working day."""
    from bot.commands.work import applications as work

    with_database(work.close_day, office, day, reason)


@apikeys.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="Which system it is for.")],
    office: OfficeOption = "",
) -> None:
    """Make an API key; it is shown once."""
    from bot.commands.work import applications as work

    with_database(work.add_key, name, office)


@apikeys.command("list")
def list_keys() -> None:
    """All API keys, without the keys themselves."""
    from bot.commands.work import applications as work

    with_database(work.list_keys)


@apikeys.command("revoke")
def revoke_key(name: Annotated[str, typer.Argument(help="Name from pandu apikeys list.")]) -> None:
    """End an API key."""
    from bot.commands.work import applications as work

    with_database(work.revoke_key, name)
