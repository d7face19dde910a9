"""Read KTAB's inputs: its CSV, its scenario XML, and the parameters that a trace prints."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

from legation.errors import FormatError
from legation.planning.table.bargaining_read import MAX_BYTES, read_negotiation
from legation.planning.table.bargaining_types import Accommodation, Negotiation, Negotiator, Rules

NAMES = {
    "VictoryProbModel": (
        "victory",
        {"Linear": "linear", "Square": "square", "Quartic": "quartic", "Octic": "octic", "Binary": "binary"},
    ),
    "VotingRule": (
        "voting",
        {
            "Binary": "binary", "PropBin": "prop_binary", "Prop": "proportional", "PropCbc": "prop_cubic",
            "Cubic": "cubic", "ASymProsp": "asym_prospect",
        },
    ),
    "PCEModel": (
        "election",
        {
            "Conditional": "conditional", "MarkovIncentive": "markov_incentive", "MarkovI": "markov_incentive",
            "MarkovUniform": "markov_uniform", "MarkovU": "markov_uniform",
        },
    ),
    "StateTransitions": ("transition", {"Deterministic": "deterministic", "Stochastic": "stochastic"}),
    "BigRRange": ("risk_range", {"Min": "min", "Mid": "mid", "Max": "max"}),
    "BigRAdjust": (
        "risk_adjustment",
        {"None": "none", "OneThird": "one_third", "Half": "half", "TwoThirds": "two_thirds", "Full": "full"},
    ),
    "ThirdPartyCommit": ("commitment", {"NoCommit": "none", "SemiCommit": "semi", "FullCommit": "full"}),
    "InterVecBrgn": ("interpolation", {"S1P1": "s1p1", "S2P2": "s2p2", "S2PMax": "s2pmax"}),
    "BargnModel": (
        "bargains",
        {"InitOnlyInterp": "initiator", "InitRcvrInterp": "both", "PWCompInterp": "compromise"},
    ),
}  # fmt: skip


def parameter(name: str, value: str) -> tuple[str, str]:
    """Give the own name and value of a parameter of KTAB."""
    own, values = NAMES[name]
    if value not in values:
        raise FormatError(f"{name} is {value!r}; it is one of {', '.join(values)}.")
    return own, values[value]


def read_input(path: Path) -> tuple[Negotiation, dict[str, str]]:
    """Read an input and the parameters that it sets."""
    if path.stat().st_size > MAX_BYTES:
        raise FormatError(f"{path.name} has {path.stat().st_size:,} bytes, too many for a negotiation.")
    text = path.read_text(encoding="utf-8", errors="replace")
    return _scenario(text, path.name) if path.suffix.lower() == ".xml" else (read_negotiation(text), {})


def _scenario(text: str, name: str) -> tuple[Negotiation, dict[str, str]]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise FormatError(f"{name} declares a document type; a scenario needs none.")
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        raise FormatError(f"{name} is no XML: {error}.") from error
    actors = tuple(
        Negotiator(
            name=_text(actor, "name", name),
            description=_text(actor, "description", name),
            influence=_number(actor, "capability", name),
            positions=tuple(_numbers(actor, "Position/dCoord", name)),
            saliences=tuple(_numbers(actor, "Salience/dSal", name)),
        )
        for actor in root.findall("Actors/Actor")
    )
    follows = tuple(
        Accommodation(
            actor=_text(pair, "adjustingIdeal", name),
            towards=_text(pair, "referencePos", name),
            share=_number(pair, "adjust", name),
        )
        for pair in root.findall("IdealAdjustment/iaPair")
    )
    issues = tuple((item.text or "").strip() for item in root.findall("Dimensions/dName"))
    found = dict(
        parameter(item.tag, (item.text or "").strip())
        for item in root.findall("ModelParameters/*")
        if item.tag in NAMES
    )
    return Negotiation(
        title=_text(root, "name", name),
        description=_text(root, "desc", name),
        issues=issues,
        actors=actors,
        accommodations=follows,
    ), found


def _text(element: ET.Element, tag: str, name: str) -> str:
    found = element.find(tag)
    if found is None:
        raise FormatError(f"{name} has a {element.tag} without {tag}.")
    return (found.text or "").strip()


def _number(element: ET.Element, tag: str, name: str) -> float:
    return _float(_text(element, tag, name), name)


def _numbers(element: ET.Element, path: str, name: str) -> list[float]:
    return [_float(item.text or "", name) for item in element.findall(path)]


def _float(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise FormatError(f"{name}: {text!r} is no number.") from error


def rules_of(lines: list[str], given: dict[str, str]) -> Rules:
    """Give the parameters that a trace prints, over those of the input."""
    found = dict(given)
    for line in lines:
        name, colon, value = line.partition(":")
        if colon and name.strip() in NAMES:
            own, setting = parameter(name.strip(), value.strip())
            found[own] = setting
        if line.startswith("Starting model run"):
            break
    target = next((re.search(r"target=([\d.]+)", line) for line in lines if line.startswith("Fractional")), None)
    return Rules(**found, quiet=float(target[1]) if target else 0.02)
