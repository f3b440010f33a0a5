"""The run record of a virtual trial: its design and the worlds of both arms."""

import hashlib
from dataclasses import replace

from alssim.model.record import RunRecord, record_of
from alssim.parameters import digest, dump
from alssim.studies.trial.plan import Plan


def trial_record(plan: Plan) -> RunRecord:
    """Return the record of a run of a trial; its digest covers design, control and treated arm."""
    one = plan.strata[0]
    parts = (plan.trial, one.control, one.treated)
    whole = hashlib.sha256("".join(map(digest, parts)).encode()).hexdigest()
    return replace(
        record_of(one.control),
        scenario=plan.trial.name,
        digest=whole,
        patients=plan.trial.size,
        arms=("control", plan.trial.treatment.name),
        parameters="\n".join(map(dump, parts)),
    )
