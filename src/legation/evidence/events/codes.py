"""The small tables of event coding: CAMEO codes, quad classes, Goldstein values, PLOVER types.

The values are facts of these publications, written by hand:

- CAMEO 1.1b3 (Gerner, Schrodt, Yilmaz 2012), the event codebook: which codes there are.
- Goldstein, "A Conflict-Cooperation Scale for WEIS Events Data", Journal of Conflict Resolution 36 (1992), as carried
  over to CAMEO by the codebook's authors. Two published lists differ: the one that ICEWS carries gives -5 to 016 and
  3.4 to 022; GDELT writes -2 and 3.2. Both are kept under the names ``cameo`` and ``gdelt``.
- The quad classes of the roots, as event research counts them; GDELT's files differ on 09 and 14.
- PLOVER manual, draft 0.8 (2021): event types, and how each CAMEO code becomes one.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, TypeAlias

import polars as pl

__all__ = [
    "CAMEO_ROOTS",
    "PLOVER_QUADS",
    "QUADS",
    "QUAD_NAMES",
    "GoldsteinVariant",
    "cameo_codes",
    "code_table",
    "goldstein",
    "plover_type",
    "quad_class",
]

GoldsteinVariant: TypeAlias = Literal["cameo", "gdelt"]

QUADS: tuple[str, ...] = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
"""The quad classes 1 to 4 in order."""

QUAD_NAMES = {name.replace("_", " "): number for number, name in enumerate(QUADS, start=1)}

CAMEO_ROOTS = tuple(f"{number:02d}" for number in range(1, 21))

# For each root its three-digit codes; a number after the slash says how many four-digit codes stand below, from 1 on.
_BELOW = {
    "01": "010 011 012 013 014 015 016 017 018 019",
    "02": "020 021/4 022 023/4 024/4 025/6 026 027 028",
    "03": "030 031/4 032 033/4 034/4 035/6 036 037 038 039",
    "04": "040 041 042 043 044 045 046",
    "05": "050 051 052 053 054 055 056 057",
    "06": "060 061 062 063 064",
    "07": "070 071 072 073 074 075",
    "08": "080 081/4 082 083/4 084/2 085 086/3 087/4",
    "09": "090 091 092 093 094",
    "10": "100 101/4 102 103/4 104/4 105/6 106 107 108",
    "11": "110 111 112/5 113 114 115 116",
    "12": "120 121/4 122/4 123/4 124/6 125 126 127 128 129",
    "13": "130 131/3 132/4 133 134 135 136 137 138/5 139",
    "14": "140 141/4 142/4 143/4 144/4 145/4",
    "15": "150 151 152 153 154 155",
    "16": "160 161 162/3 163 164 165 166/3",
    "17": "170 171/2 172/4 173 174 175 176",
    "18": "180 181 182/3 183/4 184 185 186",
    "19": "190 191 192 193 194 195/2 196",
    "20": "200 201 202 203 204/2",
}

# A code has the value of the longest beginning that stands here; those that the lists lack take that of the code above.
_GOLDSTEIN = {
    "01": 0.0,
    "011": -0.1,
    "012": -0.4,
    "013": 0.4,
    "016": -5.0,
    "018": 3.4,
    "019": 3.4,
    "02": 3.0,
    "021": 3.4,
    "022": 3.4,
    "023": 3.4,
    "024": -0.3,
    "025": -0.3,
    "026": 4.0,
    "027": 4.0,
    "028": 4.0,
    "03": 4.0,
    "031": 5.2,
    "032": 4.5,
    "033": 5.2,
    "0334": 6.0,
    "034": 7.0,
    "035": 7.0,
    "037": 5.0,
    "038": 7.0,
    "039": 5.0,
    "04": 1.0,
    "042": 1.9,
    "043": 2.8,
    "044": 2.5,
    "045": 5.0,
    "046": 7.0,
    "05": 3.5,
    "051": 3.4,
    "053": 3.8,
    "054": 6.0,
    "055": 7.0,
    "056": 7.0,
    "057": 8.0,
    "06": 6.0,
    "061": 6.4,
    "062": 7.4,
    "063": 7.4,
    "064": 7.0,
    "07": 7.0,
    "071": 7.4,
    "072": 8.3,
    "073": 7.4,
    "074": 8.5,
    "08": 5.0,
    "084": 7.0,
    "085": 7.0,
    "086": 9.0,
    "087": 9.0,
    "0874": 10.0,
    "09": -2.0,
    "10": -5.0,
    "11": -2.0,
    "12": -4.0,
    "125": -5.0,
    "126": -5.0,
    "127": -5.0,
    "128": -5.0,
    "129": -5.0,
    "13": -6.0,
    "130": -4.4,
    "131": -5.8,
    "132": -5.8,
    "133": -5.8,
    "134": -5.8,
    "135": -5.8,
    "136": -7.0,
    "137": -7.0,
    "138": -7.0,
    "139": -7.0,
    "14": -6.5,
    "144": -7.5,
    "145": -7.5,
    "15": -7.2,
    "16": -4.0,
    "162": -5.6,
    "163": -8.0,
    "164": -6.5,
    "165": -7.0,
    "166": -7.0,
    "17": -7.0,
    "171": -9.2,
    "172": -5.0,
    "173": -5.0,
    "174": -5.0,
    "175": -9.0,
    "18": -9.0,
    "182": -9.5,
    "1821": -9.0,
    "1822": -9.0,
    "1823": -10.0,
    "183": -10.0,
    "184": -8.0,
    "185": -8.0,
    "186": -10.0,
    "19": -10.0,
    "191": -9.5,
    "192": -9.5,
    "196": -9.5,
    "20": -10.0,
    "201": -9.5,
}
_GDELT_DIFFERS = {"016": -2.0, "022": 3.2}

# The PLOVER manual gives no type to statements (01) and appeals (02).
_PLOVER = {
    "03": "AGREE",
    "04": "CONSULT",
    "05": "SUPPORT",
    "06": "COOPERATE",
    "07": "AID",
    "08": "CONCEDE",
    "0813": "RETREAT",
    "0814": "RETREAT",
    "084": "RETREAT",
    "085": "RETREAT",
    "086": "RETREAT",
    "087": "RETREAT",
    "09": "ACCUSE",
    "10": "REQUEST",
    "11": "ACCUSE",
    "12": "REJECT",
    "13": "THREATEN",
    "14": "PROTEST",
    "15": "MOBILIZE",
    "16": "SANCTION",
    "163": "COERCE",
    "17": "COERCE",
    "1712": "ASSAULT",
    "175": "ASSAULT",
    "18": "ASSAULT",
    "19": "ASSAULT",
    "191": "COERCE",
    "192": "COERCE",
    "20": "ASSAULT",
}

PLOVER_QUADS = {
    **dict.fromkeys(("AGREE", "CONSULT", "SUPPORT", "CONCEDE"), 1),
    **dict.fromkeys(("COOPERATE", "AID", "RETREAT"), 2),
    **dict.fromkeys(("REQUEST", "ACCUSE", "REJECT", "THREATEN", "SANCTION"), 3),
    **dict.fromkeys(("PROTEST", "MOBILIZE", "COERCE", "ASSAULT"), 4),
    # types of the drafts before 2021, which files made then still carry
    "INVESTIGATE": 2,
    "DEMAND": 3,
    "DISAPPROVE": 3,
    "CRIME": 4,
}
"""The quad class of each PLOVER type; a file's own quad code goes before it."""


@cache
def cameo_codes() -> frozenset[str]:
    """Return every CAMEO code of two, three or four digits.

    Examples
    --------
    >>> "0214" in cameo_codes(), "021" in cameo_codes(), "0219" in cameo_codes()
    (True, True, False)
    """
    found = set(CAMEO_ROOTS)
    for codes in _BELOW.values():
        for item in codes.split():
            code, _, below = item.partition("/")
            found.add(code)
            found.update(f"{code}{number}" for number in range(1, int(below or 0) + 1))
    return frozenset(found)


def goldstein(code: str, *, variant: GoldsteinVariant = "cameo") -> float:
    """Return the Goldstein value of a CAMEO code, from -10 to 10.

    Examples
    --------
    >>> goldstein("016"), goldstein("016", variant="gdelt"), goldstein("0874")
    (-5.0, -2.0, 10.0)
    """
    if variant == "gdelt" and code in _GDELT_DIFFERS:
        return _GDELT_DIFFERS[code]
    return _by_beginning(code, _GOLDSTEIN)


def quad_class(code: str) -> int:
    """Return the quad class, 1 to 4, of a CAMEO code: roots 01-05, 06-08, 09-13, 14-20.

    Examples
    --------
    >>> quad_class("057"), quad_class("0871"), quad_class("112"), quad_class("190")
    (1, 2, 3, 4)
    """
    root = int(code[:2])
    return 1 + (root > 5) + (root > 8) + (root > 13)


def plover_type(code: str) -> str | None:
    """Return the PLOVER type of a CAMEO code; None for statements and appeals, which PLOVER does not code.

    Examples
    --------
    >>> plover_type("057"), plover_type("0871"), plover_type("163"), plover_type("010")
    ('SUPPORT', 'RETREAT', 'COERCE', None)
    """
    for length in range(len(code), 1, -1):
        if code[:length] in _PLOVER:
            return _PLOVER[code[:length]]
    return None


@cache
def code_table() -> pl.DataFrame:
    """Return one row per CAMEO code: code, root, quad, plover, goldstein (cameo) and goldstein_gdelt."""
    codes = sorted(cameo_codes())
    return pl.DataFrame(
        {
            "code": codes,
            "root": [code[:2] for code in codes],
            "quad": pl.Series([quad_class(code) for code in codes], dtype=pl.Int8),
            "plover": pl.Series([plover_type(code) for code in codes], dtype=pl.String),
            "goldstein": [goldstein(code) for code in codes],
            "goldstein_gdelt": [goldstein(code, variant="gdelt") for code in codes],
        }
    )


def _by_beginning(code: str, table: dict[str, float]) -> float:
    for length in range(len(code), 1, -1):
        if code[:length] in table:
            return table[code[:length]]
    raise KeyError(code)
