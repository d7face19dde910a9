"""The kinds of tie, what each one's strength means, and how each bears on alignment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["KINDS", "TIES_TABLE", "UNREAD_TABLE", "Kind", "Sign"]

TIES_TABLE: Final = "ties"
UNREAD_TABLE: Final = "ties_unread"

Sign = Literal["friendly", "hostile", "none"]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of tie: its meaning, what its strength says, the unit of its amount, and its bearing on alignment.

    Aid has none: humanitarian aid follows need, and what is given for need says nothing of sides.
    """

    name: str
    meaning: str
    strength: str
    unit: str = ""
    sign: Sign = "friendly"


KINDS: Final[dict[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind(
            name="defence_treaty",
            meaning="treaty or clause with a duty to defend, or to join in attack",
            strength="1",
        ),
        Kind(
            name="pact",
            meaning="treaty of consultation, cooperation, neutrality or non-aggression",
            strength="consultation or cooperation .5, neutrality .4, non-aggression .25",
        ),
        Kind(
            name="agreement",
            meaning="bilateral agreement on defence cooperation",
            strength="general .6, one sector .3",
        ),
        Kind(
            name="exercise",
            meaning="joint military exercise",
            strength="1 / sqrt(participants - 1), half for a command post exercise",
            unit="participants",
        ),
        Kind(
            name="visit",
            meaning="visit by a leader or a principal of defence",
            strength="leader .5, defence principal .3; a count n of visits in a year 1 - .5^n",
            unit="visits",
        ),
        Kind(
            name="training",
            meaning="military training given",
            strength="log10(1 + people) / 4, at most 1; activities where people are not known",
            unit="people",
        ),
        Kind(name="troops", meaning="troops stationed", strength="log10(1 + people) / 5, at most 1", unit="people"),
        Kind(
            name="base",
            meaning="military bases held",
            strength="1 - .5^n of n sites, lesser sites counted half",
            unit="sites",
        ),
        Kind(name="embassy", meaning="embassies, in a snapshot", strength=".5", unit="posts", sign="none"),
        Kind(
            name="consulate",
            meaning="consulates led by a career officer, in a snapshot",
            strength="1 - .5^(n/4)",
            unit="posts",
            sign="none",
        ),
        Kind(
            name="arms",
            meaning="major conventional arms delivered",
            strength="log10(1 + value) / 4, at most 1",
            unit="million SIPRI trend-indicator values",
        ),
        Kind(
            name="sanction",
            meaning="sanctions by one on the other",
            strength="travel or other .2, military aid or arms .4, finance or trade .6, both 1; a quarter of it "
            "where the sender acts as a member of the United Nations",
            sign="hostile",
        ),
        Kind(
            name="dispute",
            meaning="militarised dispute",
            strength="threat .3, show of force .5, use of force .8, war 1",
            unit="hostility level, 2 to 5",
            sign="hostile",
        ),
        Kind(
            name="war",
            meaning="war or armed conflict between states",
            strength="war 1, below a thousand deaths .7",
            sign="hostile",
        ),
        Kind(
            name="opposition",
            meaning="troops of one supported the opponents of the other, in armed conflict",
            strength="war .6, below a thousand deaths .42",
            sign="hostile",
        ),
        Kind(
            name="support",
            meaning="troops of one supported the other, in armed conflict",
            strength="1 - .5^n of n conflicts",
            unit="conflicts",
        ),
        Kind(
            name="rivalry",
            meaning="strategic rivalry, as scholars list them",
            strength=".7; principal rivalry 1",
            sign="hostile",
        ),
        Kind(
            name="claim",
            meaning="claim or rupture on record",
            strength="sovereignty 1, territory or no relations .5, sea or other .2",
            sign="hostile",
        ),
        Kind(
            name="aid_humanitarian",
            meaning="humanitarian aid",
            strength="0: it follows need and is no lever",
            unit="million EUR",
            sign="none",
        ),
        Kind(
            name="aid_military",
            meaning="military aid",
            strength="log10(1 + million) / 4, at most 1",
            unit="million EUR",
        ),
        Kind(
            name="aid_other",
            meaning="financial or economic aid",
            strength="log10(1 + million) / 4, at most 1",
            unit="million",
            sign="none",
        ),
        Kind(
            name="peacekeeping",
            meaning="uniformed people of both in one mission of peacekeeping",
            strength="1 / sqrt(contributors - 1)",
            unit="contributors",
        ),
        Kind(
            name="organisation",
            meaning="shared membership in an organisation that never had more than 33 members",
            strength="1 / sqrt(members)",
            unit="members",
        ),
    )
}
"""Every kind of tie, by name."""
