"""Ground floor: what the team believes, as frozen, checked, versioned values."""

from bullseye.definitions.base import Definition
from bullseye.definitions.field import Field, FieldType, TableName
from bullseye.definitions.icp import Clause, Exclusion, Icp, Mode
from bullseye.definitions.loader import Loaded, load
from bullseye.definitions.market import Market
from bullseye.definitions.persona import Persona
from bullseye.definitions.project import Project, Settings
from bullseye.definitions.rule import Op, Rule
from bullseye.definitions.signal import Signal
from bullseye.definitions.source import Source
from bullseye.definitions.tier import Tier, TierPolicy

__all__ = [
    "Clause",
    "Definition",
    "Exclusion",
    "Field",
    "FieldType",
    "Icp",
    "Loaded",
    "Market",
    "Mode",
    "Op",
    "Persona",
    "Project",
    "Rule",
    "Settings",
    "Signal",
    "Source",
    "TableName",
    "Tier",
    "TierPolicy",
    "load",
]
