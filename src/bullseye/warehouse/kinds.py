"""What the types of customers' columns hold, whatever their engine calls them."""

from enum import Enum, auto

from bullseye.definitions.field import TEXTUAL, FieldType


class Kind(Enum):
    """What an engine's type can hold, as far as reading it differs."""

    TEXT = auto()
    WHOLE = auto()
    NUMBER = auto()
    FLAG = auto()
    DAY = auto()
    MOMENT = auto()
    TEXTS = auto()  # a list of texts
    LIST = auto()  # of anything else
    OTHER = auto()


_KINDS = {
    Kind.TEXT: "text varchar char character bpchar string nvarchar",
    Kind.WHOLE: "int integer bigint smallint tinyint hugeint int2 int4 int8 int64 byteint long "
    "short byte ubigint uinteger usmallint utinyint",
    Kind.NUMBER: "double float real decimal numeric number float4 float8 float64 bignumeric",
    Kind.FLAG: "boolean bool",
    Kind.DAY: "date",
    Kind.MOMENT: "timestamp timestamptz datetime timestamp_ntz timestamp_ltz timestamp_tz",
}
_BY_WORD = {word: kind for kind, words in _KINDS.items() for word in words.split()}

_NUMBERS = frozenset({Kind.TEXT, Kind.WHOLE, Kind.NUMBER})
_HOLDS = {
    FieldType.COUNT: _NUMBERS,
    FieldType.YEAR: _NUMBERS,
    FieldType.NUMBER: _NUMBERS,
    FieldType.MONEY: _NUMBERS,
    FieldType.SHARE: _NUMBERS,
    FieldType.DATE: frozenset({Kind.TEXT, Kind.DAY, Kind.MOMENT}),
    FieldType.FLAG: frozenset({Kind.TEXT, Kind.FLAG, Kind.WHOLE, Kind.NUMBER}),
    FieldType.LIST: frozenset({Kind.TEXT, Kind.TEXTS}),
}


def kind_of(type_name: str) -> Kind:
    """Return what a type holds, by the name its engine gives it.

    >>> [kind_of(each).name for each in ("character varying(80)", "DECIMAL(18,2)", "text[]")]
    ['TEXT', 'NUMBER', 'TEXTS']
    >>> [kind_of(each).name for each in ("array<string>", "array(bigint)", "ARRAY", "json")]
    ['TEXTS', 'LIST', 'TEXTS', 'OTHER']
    """
    name = type_name.strip().lower()
    if name.endswith("[]") or name.startswith("array"):
        item = name.removesuffix("[]").removeprefix("array").strip("<>() ")
        return Kind.TEXTS if not item or kind_of(item) is Kind.TEXT else Kind.LIST
    word = name.split("(")[0].split(" ")[0]
    return _BY_WORD.get(word, Kind.OTHER)


def can_hold(kind: Kind, wanted: FieldType) -> bool:
    """Whether a column of this kind can be read as a field of this type.

    Anything but a list can be read as text.
    """
    if wanted in TEXTUAL:
        return kind not in {Kind.TEXTS, Kind.LIST}
    return kind in _HOLDS[wanted]
