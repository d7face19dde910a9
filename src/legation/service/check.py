"""No operation leaves a desk with faults behind."""

from __future__ import annotations

from collections.abc import Sequence

from legation.desk.desk import Desk
from legation.desk.faults import Fault
from legation.errors import DeskError, PrincipleError

__all__ = ["refuse_faults"]

_SHOWN = 10


def refuse_faults(desk: Desk | None, *, found: Sequence[Fault] = ()) -> tuple[Fault, ...]:
    """Check a desk against every rule and give back the warnings.

    Parameters
    ----------
    desk
        The desk as it would be; None where it could not even be read.
    found
        Faults that whoever read the desk found already.

    Raises
    ------
    PrincipleError
        When a rule for humanitarian missions is broken; nothing overrides it.
    DeskError
        When any other rule is broken; it carries all faults.
    """
    from legation.desk.rules import check_desk

    # Whoever read the desk from files has checked it too, and knows file and line; such a fault is named once.
    known = {(fault.rule, fault.kind, fault.key, fault.field, fault.message) for fault in found}
    checked = () if desk is None else check_desk(desk)
    faults = (
        *found,
        *(fault for fault in checked if (fault.rule, fault.kind, fault.key, fault.field, fault.message) not in known),
    )
    errors = tuple(fault for fault in faults if fault.severity == "error")
    broken = [fault for fault in errors if fault.rule.startswith("humanitarian-")]
    if broken:
        raise PrincipleError(
            f"Humanitarian missions follow need, not advantage; nothing was written.\n{_listed(broken)}",
            remedy="Change the missions, effects or budgets named, so that the principle holds.",
        )
    if errors:
        plural = "fault" if len(errors) == 1 else "faults"
        raise DeskError(
            f"The desk would have {len(errors)} {plural}; nothing was written.\n{_listed(errors)}",
            faults=faults,
            remedy="Correct each fault as its own remedy says.",
        )
    return faults


def _listed(faults: Sequence[Fault]) -> str:
    lines = [f"  {fault}" for fault in faults[:_SHOWN]]
    if len(faults) > _SHOWN:
        lines.append(f"  and {len(faults) - _SHOWN} more")
    return "\n".join(lines)
