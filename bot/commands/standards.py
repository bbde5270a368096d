"""`pandu standards`: an office's own service standard, read into a draft."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.common import AsJson, fail

if TYPE_CHECKING:
    from bot.standards.models import ServiceDraft, StandardDraft

standards = typer.Typer(help="Service standards of an office, before they become knowledge.", no_args_is_help=True)


@standards.callback()
def _group() -> None:
    """Keeps `read` a command of its own while it is the only one."""


@standards.command("read")
def standards_read(
    file: Annotated[Path, typer.Argument(help=".txt, .html, .pdf, .docx, .xlsx or .csv; - is standard input.")],
    as_json: AsJson = False,
) -> None:
    """Read a service standard into drafts, in the words of the document; what needs a look is listed as doubts."""
    from bot.standards.files import MOST_BYTES
    from bot.standards.reading import read_data, read_path
    from bot.standards.refusal import Refused

    try:
        draft = read_data(sys.stdin.buffer.read(MOST_BYTES + 1), "") if str(file) == "-" else read_path(file)
    except Refused as refused:
        fail(str(refused))
    if as_json:
        typer.echo(json.dumps(draft.model_dump(by_alias=True), ensure_ascii=False))
    else:
        typer.echo(_told(draft))


def _told(draft: StandardDraft) -> str:
    return "\n\n".join([f"Layout: {draft.layout}", *(_service(service) for service in draft.services)])


def _service(service: ServiceDraft) -> str:
    lines = [service.title or "(no title)", f"  office: {service.office or '-'}; decree: {service.decree or '-'}"]
    for name in ("requirements", "procedures", "duration", "cost", "product", "complaints", "legal_basis"):
        value = getattr(service, name)
        lines.append(f"  {name}: {'not stated' if value is None else len(value)}")
    lines += [f"  doubt, {doubt.component}: {doubt.reason}" for doubt in service.doubts]
    return "\n".join(lines)
