"""Types and true sizes of the assets that ProcTHOR houses name."""

from __future__ import annotations

import json
import math
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rls3.assets.types import OBJECT_TYPES
from rls3.engine.errors import ActionError
from rls3.engine.geometry import Vector

VARIANTS = 6
#: Words in asset names that stand for a type without being its name, the first match counts.
_SYNONYMS = (
    (r"walldecor|photo|picture|canvas", "Painting"),
    (r"^bin|trash|wastebasket", "GarbageCan"),
    (r"houseplant|plant", "HousePlant"),
    (r"couch", "Sofa"),
    (r"^tv|television", "Television"),
    (r"toiletpaper", "ToiletPaper"),
    (r"papertowel", "PaperTowelRoll"),
    (r"cabinetlow|countertop", "CounterTop"),
    (r"shelv", "ShelvingUnit"),
    (r"washer", "WashingMachine"),
    (r"dryer", "ClothesDryer"),
    (r"frame$", "Doorframe"),
)


@dataclass(frozen=True)
class Asset:
    """What is known of an asset: its object type, bounding box (x, y, z) in metres, and where the size comes from."""

    object_type: str
    size: Vector
    source: Literal["assetDatabase", "typical"]

    @staticmethod
    def variant(asset_id: str) -> int:
        """Return the look of an asset: always the same for the same name."""
        return zlib.crc32(asset_id.encode()) % VARIANTS


@dataclass(frozen=True)
class AssetDatabase:
    """Sizes from a database in ProcTHOR's format where one is given, typical sizes otherwise."""

    known: Mapping[str, Asset]

    @staticmethod
    def load(path: Path | None) -> AssetDatabase:
        """Read a database: JSON object of lists by type, each entry with `assetId` and `boundingBox`.

        Raises:
            ActionError: the file is absent or not of that form.
        """
        if path is None:
            return AssetDatabase({})
        try:
            tables = json.loads(path.read_text(encoding="utf-8"))
            known = {
                str(row["assetId"]): Asset(kind, _size(row), "assetDatabase")
                for kind, rows in tables.items()
                for row in rows
                if kind in OBJECT_TYPES and row.get("boundingBox")
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ActionError(
                f"the asset database {path} cannot be read ({type(error).__name__}: {error}); "
                "--asset-database needs ProcTHOR's asset-database.json"
            ) from error
        return AssetDatabase(known)

    def find(self, asset_id: str, object_id: str) -> Asset:
        """Return what is known of an asset; without an entry the type is read from its name or the object's id.

        Raises:
            ActionError: neither name tells the type.
        """
        if asset_id in self.known:
            return self.known[asset_id]
        kind = type_from_names(asset_id, object_id)
        return Asset(kind, OBJECT_TYPES[kind].size, "typical")


def _size(row: Mapping[str, Any]) -> Vector:
    box = row["boundingBox"]
    size = (float(box["x"]), float(box["y"]), float(box["z"]))
    if not all(math.isfinite(length) and length > 0 for length in size):
        raise ActionError(f"size of {row['assetId']} must be three finite lengths above 0, got {size}")
    return size


def type_from_names(asset_id: str, object_id: str) -> str:
    """Return the object type that an id such as `Dresser|2|0` or an asset name such as `bin_20` stands for.

    Raises:
        ActionError: neither name tells the type.
    """
    head = object_id.split("|")[0]
    if head in OBJECT_TYPES:
        return head
    for text in (asset_id, head):
        word = re.sub(r"[^a-z]", "", text.lower())
        for pattern, kind in _SYNONYMS:
            if re.search(pattern, word):
                return kind
        inside = [kind for kind in OBJECT_TYPES if kind.lower() in word]
        if inside:
            return max(inside, key=len)
    raise ActionError(
        f"asset {asset_id!r} of object {object_id!r} has no known type: start the engine with --asset-database, "
        "or give the object an id that begins with a type's name, as in 'Dresser|2|0'"
    )
