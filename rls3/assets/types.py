"""The object types: AI2-THOR's names and property flags, with typical sizes and masses.

Flags follow AI2-THOR's object type table (https://ai2thor.allenai.org/ithor/documentation/objects/object-types);
sizes and masses are typical of households, metres and kilograms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rls3.assets.errors import UnknownObjectTypeError


@dataclass(frozen=True)
class ObjectType:
    """What every object of one type can do; `size` is the typical bounding box (x, y, z), metres, `mass` in kg."""

    name: str
    size: tuple[float, float, float]
    mass: float
    pickupable: bool
    moveable: bool
    receptacle: bool
    openable: bool
    toggleable: bool
    breakable: bool
    sliceable: bool
    cookable: bool
    dirtyable: bool
    fillable: bool
    usable_up: bool
    heat_source: bool
    cold_source: bool
    has_front: bool
    wall_mounted: bool
    salient_materials: tuple[str, ...]

    @property
    def rest_openness(self) -> float:
        """How far AI2-THOR's scenes have it open at first: `size` is its box then."""
        return 1.0 if self.name in _REST_OPEN else 0.0


_REST_OPEN = frozenset({"Box", "Laptop"})


# name | size x y z | mass | flags | salient materials.
# P pickupable, M moveable, R receptacle, O openable, T toggleable, B breakable, S sliceable, C cookable, D dirtyable,
# F fillable, U usable up, H heat source, K cold source, f has a front, w wall mounted, - none of them.
_TABLE = """
AlarmClock         0.14 0.12 0.08   0.3 P     f  Plastic
AluminumFoil       0.32 0.06 0.06   0.2 P        Metal
Apple              0.08 0.08 0.08   0.2 PS       Food
AppleSliced        0.08 0.06 0.05   0.1 P        Food
ArmChair           0.85 0.90 0.85  25.0 MR    f  Fabric
BaseballBat        0.07 0.85 0.07   1.0 P        Wood
BasketBall         0.24 0.24 0.24   0.6 P        Rubber
Bathtub            1.60 0.58 0.75  80.0 R     f  Ceramic
BathtubBasin       1.36 0.33 0.64  10.0 R     f  Ceramic
Bed                1.60 1.05 2.05  60.0 MRD   f  Fabric,Wood
Blinds             1.20 1.30 0.08   3.0 O     fw Plastic
Book               0.17 0.04 0.24   0.5 PO    f  Paper
Boots              0.26 0.28 0.30   1.2 P     f  Leather
Bottle             0.08 0.25 0.08   0.4 PBF      Glass
Bowl               0.17 0.08 0.17   0.4 PRBDF    Ceramic
Box                0.48 0.32 0.42   0.6 PRO   f  Paper
Bread              0.26 0.11 0.12   0.5 PS       Food
BreadSliced        0.04 0.11 0.12   0.1 PC       Food
ButterKnife        0.02 0.02 0.22   0.1 P        Metal
CD                 0.12 0.004 0.12   0.1 P        Plastic
Cabinet            0.80 0.80 0.45  25.0 RO    f  Wood
Candle             0.08 0.14 0.08   0.3 PT       Wax
Cart               0.60 0.85 0.42  12.0 MR    f  Metal,Wood
CellPhone          0.08 0.01 0.16   0.2 PBT   f  Metal,Glass
Chair              0.46 0.90 0.50   5.0 MR    f  Wood
Cloth              0.24 0.03 0.20   0.1 PD       Fabric
ClothesDryer       0.65 0.90 0.65  45.0 MROT  f  Metal
CoffeeMachine      0.26 0.36 0.34   4.0 MRTH  f  Plastic,Metal
CoffeeTable        1.10 0.45 0.60  18.0 MR       Wood
CounterTop         1.60 0.92 0.64  90.0 R     f  Stone,Wood
CreditCard         0.086 0.004 0.054 0.01 P      Plastic
Cup                0.09 0.11 0.09   0.2 PRBDF    Glass
Curtains           1.60 2.20 0.14   4.0 -     fw Fabric
Desk               1.30 0.76 0.65  30.0 MR    f  Wood
DeskLamp           0.22 0.48 0.30   1.5 MT    f  Metal
Desktop            0.56 0.46 0.24   6.0 MBT   f  Plastic,Metal
DiningTable        1.60 0.76 0.95  35.0 MR       Wood
DishSponge         0.11 0.04 0.07   0.1 P        Sponge
DogBed             0.80 0.22 0.65   3.0 MR       Fabric
Doorframe          1.00 2.10 0.14  15.0 -     fw Wood
Doorway            1.00 2.10 0.12  25.0 O     fw Wood
Drawer             0.50 0.20 0.45   5.0 RO    f  Wood
Dresser            1.10 0.90 0.50  40.0 MR    f  Wood
Dumbbell           0.34 0.14 0.14   5.0 P        Metal
Egg                0.05 0.06 0.05   0.1 PBS      Food
EggCracked         0.08 0.02 0.08   0.1 PC       Food
Faucet             0.16 0.30 0.24   1.5 T     f  Metal
FloorLamp          0.42 1.60 0.42   6.0 MT       Metal,Fabric
Footstool          0.48 0.42 0.40   5.0 P        Fabric,Wood
Fork               0.03 0.02 0.20   0.1 P        Metal
Fridge             0.85 1.80 0.75  90.0 ROK   f  Metal
GarbageBag         0.45 0.55 0.42   1.5 M        Plastic
GarbageCan         0.36 0.55 0.36   2.5 MR       Plastic
HandTowel          0.34 0.50 0.06   0.2 P     fw Fabric
HandTowelHolder    0.36 0.08 0.10   0.6 R     fw Metal
HousePlant         0.45 0.75 0.45   4.0 MF       Organic,Ceramic
Kettle             0.24 0.24 0.18   1.1 POF   f  Metal
KeyChain           0.06 0.01 0.11   0.1 P        Metal
Knife              0.03 0.02 0.30   0.2 P        Metal
Ladle              0.09 0.06 0.30   0.2 P        Metal
Laptop             0.36 0.26 0.29   1.8 POTB  f  Metal,Plastic
LaundryHamper      0.45 0.65 0.40   3.0 MRO      Fabric
Lettuce            0.18 0.16 0.18   0.4 PS       Food
LettuceSliced      0.16 0.08 0.14   0.1 P        Food
LightSwitch        0.08 0.12 0.03   0.1 T     fw Plastic
Microwave          0.52 0.31 0.40  13.0 MROTH f  Metal,Glass
Mirror             0.70 1.00 0.06   6.0 BD    fw Glass,Wood
Mug                0.12 0.10 0.09   0.3 PRBDF f  Ceramic
Newspaper          0.30 0.03 0.40   0.3 P        Paper
Ottoman            0.70 0.42 0.60  10.0 MR       Fabric
Painting           0.80 0.60 0.05   3.0 -     fw Wood,Paper
Pan                0.28 0.08 0.48   1.2 PRD   f  Metal
PaperTowelRoll     0.14 0.28 0.14   0.4 PU       Paper
Pen                0.012 0.012 0.15 0.02 P       Plastic
Pencil             0.010 0.010 0.18 0.01 P       Wood
PepperShaker       0.05 0.11 0.05   0.1 P        Glass,Metal
Pillow             0.50 0.16 0.38   0.6 P        Fabric
Plate              0.26 0.03 0.26   0.5 PRBD     Ceramic
Plunger            0.16 0.52 0.16   0.5 P        Rubber,Wood
Poster             0.60 0.85 0.02   0.1 -     fw Paper
Pot                0.34 0.20 0.26   1.6 PRDF  f  Metal
Potato             0.10 0.07 0.07   0.2 PSC      Food
PotatoSliced       0.09 0.05 0.07   0.1 PC       Food
RemoteControl      0.06 0.025 0.18  0.1 P     f  Plastic
RoomDecor          0.40 0.90 0.40   5.0 M        Wood
Safe               0.42 0.40 0.40  30.0 MRO   f  Metal
SaltShaker         0.05 0.10 0.05   0.1 P        Glass,Metal
ScrubBrush         0.14 0.44 0.14   0.4 P        Plastic
Shelf              0.90 0.20 0.26   4.0 R     fw Wood
ShelvingUnit       0.90 1.80 0.36  30.0 MR    f  Wood
ShowerCurtain      1.50 1.95 0.14   2.0 O     fw Fabric
ShowerDoor         0.85 2.00 0.10  25.0 OB    f  Glass,Metal
ShowerGlass        0.95 2.00 0.05  25.0 B     f  Glass,Metal
ShowerHead         0.18 0.34 0.32   1.0 T     fw Metal
SideTable          0.48 0.58 0.44   8.0 MR    f  Wood
Sink               0.65 0.90 0.52  20.0 R     f  Ceramic
SinkBasin          0.58 0.13 0.43   6.0 R     f  Metal
SoapBar            0.09 0.03 0.06   0.1 P        Soap
SoapBottle         0.08 0.20 0.08   0.3 PU    f  Plastic
Sofa               2.00 0.85 0.92  55.0 MR    f  Fabric
Spatula            0.09 0.04 0.32   0.1 P        Plastic,Metal
Spoon              0.04 0.02 0.18   0.1 P        Metal
SprayBottle        0.10 0.26 0.07   0.4 P     f  Plastic
Statue             0.18 0.38 0.16   1.5 PB    f  Stone
Stool              0.40 0.65 0.40   4.0 MR       Wood
StoveBurner        0.22 0.03 0.22   1.0 RH       Metal
StoveKnob          0.05 0.05 0.04   0.1 T     fw Plastic
TVStand            1.40 0.52 0.42  28.0 MR    f  Wood
TableTopDecor      0.20 0.28 0.16   0.8 P        Ceramic
TargetCircle       0.70 0.01 0.70   0.5 R        Plastic
TeddyBear          0.30 0.38 0.26   0.5 P     f  Fabric
Television         1.15 0.70 0.24  12.0 MTB   f  Plastic,Glass
TennisRacket       0.27 0.68 0.04   0.3 P     f  Metal
TissueBox          0.24 0.13 0.12   0.2 PU       Paper
Toaster            0.32 0.20 0.19   2.0 MRTH  f  Metal
Toilet             0.40 0.78 0.68  35.0 RO    f  Ceramic
ToiletPaper        0.12 0.11 0.12   0.2 PU       Paper
ToiletPaperHanger  0.18 0.08 0.12   0.4 R     fw Metal
Tomato             0.08 0.07 0.08   0.2 PS       Food
TomatoSliced       0.08 0.05 0.06   0.1 P        Food
Towel              0.55 0.75 0.07   0.5 P     fw Fabric
TowelHolder        0.60 0.08 0.10   0.8 R     fw Metal
VacuumCleaner      0.32 1.15 0.36   6.0 M     f  Plastic
Vase               0.18 0.34 0.18   1.2 PB       Ceramic
WashingMachine     0.65 0.90 0.65  60.0 MROT  f  Metal
Watch              0.045 0.014 0.11   0.1 P        Metal,Leather
WateringCan        0.38 0.28 0.17   0.8 PF    f  Metal
Window             1.30 1.30 0.10  15.0 B     fw Glass,Wood
WineBottle         0.08 0.32 0.08   0.9 PBF      Glass
"""
_FLAGS = {
    "P": "pickupable",
    "M": "moveable",
    "R": "receptacle",
    "O": "openable",
    "T": "toggleable",
    "B": "breakable",
    "S": "sliceable",
    "C": "cookable",
    "D": "dirtyable",
    "F": "fillable",
    "U": "usable_up",
    "H": "heat_source",
    "K": "cold_source",
    "f": "has_front",
    "w": "wall_mounted",
}


def _parse(line: str) -> ObjectType:
    fields = line.split()
    name, x, y, z, mass = fields[:5]
    letters = "".join(fields[5:-1])
    return ObjectType(
        name=name,
        size=(float(x), float(y), float(z)),
        mass=float(mass),
        salient_materials=tuple(fields[-1].split(",")),
        **{attribute: letter in letters for letter, attribute in _FLAGS.items()},
    )


OBJECT_TYPES: Mapping[str, ObjectType] = MappingProxyType(
    {row.name: row for row in map(_parse, _TABLE.strip().splitlines())}
)


def object_type(name: str) -> ObjectType:
    """Return the type of that name.

    Raises:
        UnknownObjectTypeError: there is no such type.
    """
    if name not in OBJECT_TYPES:
        raise UnknownObjectTypeError(name, OBJECT_TYPES)
    return OBJECT_TYPES[name]
