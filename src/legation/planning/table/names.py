"""The options of the spatial model by name; light, so that a command can list them."""

from __future__ import annotations

from typing import Literal

__all__ = [
    "BargainForm",
    "Commitment",
    "Election",
    "Interpolation",
    "ReceiverSide",
    "RiskAdjustment",
    "RiskRange",
    "Transition",
    "VictoryModel",
    "VotingRule",
]

VictoryModel = Literal["linear", "square", "quartic", "octic", "binary"]
"""How the strengths of two coalitions become the chance that one wins: their share, or the share of their powers;
`binary` is decided by a lead of a tenth."""
VotingRule = Literal["proportional", "binary", "prop_binary", "prop_cubic", "cubic", "asym_prospect"]
"""How strongly an actor votes on two positions, given how much better it likes one."""
Election = Literal["conditional", "markov_uniform", "markov_incentive"]
"""How pairwise chances become one chance for each option: that it beats all others, given that one does (conditional);
or the long run of challenges, each as likely (uniform) or as likely as there is strength behind it (incentive)."""
Transition = Literal["deterministic", "stochastic"]
"""Whether each actor takes its likeliest bargain, or draws one by the chances."""
RiskRange = Literal["min", "mid", "max"]
"""The interval of risk attitudes: [0, 1], [-1/2, 1] or [-1, 1]."""
RiskAdjustment = Literal["full", "two_thirds", "half", "one_third", "none"]
"""How far an actor goes from its own risk attitude to the other's when it looks through the other's eyes."""
Commitment = Literal["full", "semi", "none"]
"""Whether a third party that takes sides shares the fate of its side always, when it loses, or never."""
Interpolation = Literal["s1p1", "s2p2", "s2pmax"]
"""How a bargain lies between two positions: by salience times chance, by their squares, or by the lead in chance."""
BargainForm = Literal["initiator", "both", "compromise"]
"""Which bargains are on the table: the initiator's, its own and the receiver's, or their mean weighted by power."""


ReceiverSide = Literal["as_programmed", "as_published"]
"""How the receiver's side is drawn up. KTAB's program differs from its papers in two places: the receiver's own bargain
is weighed by what it believes the initiator to gain in place of the chance to prevail, and the compromise weighs both
sides by care alone, for it takes the initiator's influence twice. It matters only where the receiver's bargain or the
compromise is on the table."""
