"""The check that stages follow their procedures: every step has its stage, every stage is reached and left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.knowledge.models import Knowledge, ProcedureStages, Stage


def stage_problems(knowledge: Knowledge) -> Iterator[str]:
    """One line a problem of knowledge/stages/: file, procedure, what is wrong."""
    for service_id, entry in knowledge.stages.items():
        where = f"stages/{service_id}.yaml"
        service = knowledge.services.get(service_id)
        if service is None:
            yield f"{where}: there is no service {service_id}"
            continue
        steps = {one.id: [step.number for step in one.steps] for one in service.procedures}
        if Counter(one.procedure for one in entry.procedures) != Counter(steps.keys()):
            yield f"{where}: has stages for {[one.procedure for one in entry.procedures]}, not for {list(steps)}"
        for procedure in entry.procedures:
            found = (
                *_steps(procedure, steps.get(procedure.procedure, [])),
                *_ways(procedure),
                *_codes(knowledge, procedure),
                *_borrowed(procedure, service.document),
            )
            yield from (f"{where}: {procedure.procedure}: {problem}" for problem in found)


def _steps(procedure: ProcedureStages, numbers: list[int]) -> Iterator[str]:
    covered = {number for stage in procedure.stages for number in stage.steps}
    for number in sorted(set(numbers) - covered):
        yield f"step {number} belongs to no stage"
    for number in sorted(covered - set(numbers)):
        yield f"there is no step {number}"


def _ways(procedure: ProcedureStages) -> Iterator[str]:
    """Ids are unique, transitions lead somewhere, all is reached from the first, only an end has no way on."""
    ids = [stage.id for stage in procedure.stages]
    yield from (f"{name} occurs {count} times" for name, count in Counter(ids).items() if count > 1)
    for stage in procedure.stages:
        yield from (f"{stage.id}: next: there is no stage {one}" for one in stage.next if one not in ids)
        yield from (f"{stage.id}: {problem}" for problem in _stage(stage))
    reached, waiting = set[str](), [ids[0]]
    while waiting:
        name = waiting.pop()
        stage_or_none = procedure.stage(name)
        if name not in reached and stage_or_none:
            reached.add(name)
            waiting += stage_or_none.next
    yield from (f"{one} is never reached" for one in ids if one not in reached)


def _stage(stage: Stage) -> Iterator[str]:
    if bool(stage.end) == bool(stage.next):
        yield "an end has no next stage, and every other stage has one"
    if (stage.turn == "nobody") != bool(stage.end):
        yield "turn 'nobody' is for an end, and only for it"
    if stage.turn == "applicant" and stage.clock == "runs":
        yield "the promised time does not run while the applicant has to act"
    if stage.turn == "applicant" and stage.todo is None:
        yield "says not what the applicant has to do"


def _codes(knowledge: Knowledge, procedure: ProcedureStages) -> Iterator[str]:
    used = Counter(code for stage in procedure.stages for code in stage.oss)
    yield from (f"OSS status {code} means {count} stages" for code, count in used.items() if count > 1)
    yield from (f"there is no OSS status {code}" for code in used if code not in knowledge.oss_status)


def _borrowed(procedure: ProcedureStages, document: str) -> Iterator[str]:
    """Two standards are never merged."""
    for stage in procedure.stages:
        facts = [stage, *([stage.todo] if stage.todo else [])]
        for source in (one.source for one in facts):
            if source.mark == "S" and source.document != document:
                yield f"{stage.id}: taken from {source.document}; this standard is {document}"
