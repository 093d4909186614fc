"""Fitted kitchens: a row of cabinets and drawers under counters, with sink and stove, and cabinets on the wall."""

from __future__ import annotations

from dataclasses import dataclass, field

from rls3.assets.builders.joinery import DRAWER_CASE_WALL
from rls3.assets.builders.plumbing import bathtub_hollow, sink_hollow
from rls3.engine.rooms.builder import RoomBuilder
from rls3.engine.rooms.construction import build_in, fit_opening
from rls3.engine.rooms.unfinished import ShellFrame
from rls3.engine.world.objects import SceneObject

#: Sizes of the units, metres: the top of a counter, its slab, a drawer's case.
COUNTER_HEIGHT = 0.9
SLAB = 0.04
DRAWER_HEIGHT = 0.17
SLAB_DEPTH = 0.64
#: Counters reach this far over the cabinets below, metres.
OVERHANG = 0.06
CABINET_DEPTH = SLAB_DEPTH - OVERHANG
SINK_WIDTH = 0.7
STOVE_WIDTH = 0.6
#: Heights of the middle and size of what hangs over the counters, metres.
WALL_CABINET = (1.78, 0.64, 0.34)
HOOD = (1.62, 0.62, 0.42)
#: Height of a window over a sink, metres.
WINDOW_SILL = 1.2
#: Orders of the units from one end of the row to the other: B a cabinet under a drawer, S the sink, T the stove.
ORDERS = ("SBBTB", "BBSTB", "BTBSB", "BBTSB", "BSBTB")
#: Clearance between a part and the hollow it lies in, metres.
PLAY = 0.002


@dataclass
class KitchenRow:
    """A row of fitted units along a wall.

    Attributes:
        room: where it is built.
        wall: which wall.
        look: variant of all its wood.
        stone: variant of its counters.
        height: of the counters, metres.
        depth: of the counters, metres.
        counters: the counters so far.
        sink: its sink once that stands.
    """

    room: RoomBuilder
    wall: str
    look: int
    stone: int
    height: float = COUNTER_HEIGHT
    depth: float = SLAB_DEPTH
    counters: list[SceneObject] = field(default_factory=list)
    sink: SceneObject | None = None

    def build(self, order: str, start: float, width: float) -> None:
        """Build the units of `order` from `start` along the wall; cabinets are `width` metres wide."""
        run: list[float] = []
        widths = {"B": width, "S": SINK_WIDTH, "T": STOVE_WIDTH}
        for unit in order:
            middle = start + widths[unit] / 2
            if unit == "B":
                self.base_unit(middle, width)
                run.append(middle)
            else:
                self._slab(run, width)
                run = []
                if unit == "S":
                    self.sink_unit(middle)
                else:
                    self.stove(middle)
            start += widths[unit]
        self._slab(run, width)

    def base_unit(self, along: float, width: float) -> None:
        """Stand a cabinet, and over it a drawer in its case."""
        room, outer, deep = self.room, width - PLAY, self.depth - OVERHANG
        low = self.height - SLAB - DRAWER_HEIGHT
        room.at_wall(room.make("Cabinet", size=(outer, low, deep), variant=self.look), self.wall, along)
        case = (outer, DRAWER_HEIGHT, deep - 0.03)
        frame = build_in(room, "DrawerCase", case, self.look, self.wall, along, low)
        free = 2 * (DRAWER_CASE_WALL + PLAY)
        size = (outer - free, DRAWER_HEIGHT - free, deep - 0.05)
        room.fix(room.make("Drawer", size=size, variant=self.look), frame, (0.0, 0.0, 0.03))

    def wall_cabinet(self, along: float, width: float) -> None:
        """Hang a cabinet over the counter."""
        middle, tall, deep = WALL_CABINET
        item = self.room.make("Cabinet", size=(width - PLAY, tall, deep), variant=self.look)
        self.room.at_wall(item, self.wall, along, height=middle, margin=0.0)

    def sink_unit(self, along: float) -> None:
        """Stand a sink with basin and tap, under a window where there is place for one."""
        room = self.room
        self.sink = room.at_wall(
            room.make("Sink", size=(SINK_WIDTH - PLAY, self.height, self.depth - 0.02), variant=1), self.wall, along
        )
        if self.sink is not None:
            fit_basin(room, self.sink)
            fit_tap(room, self.sink)
        window = room.make("Window", size=(float(room.random.uniform(0.9, 1.2)), 0.9, 0.12))
        fit_opening(room, window, self.wall, along, WINDOW_SILL)

    def stove(self, along: float) -> None:
        """Build a range with four burners and their knobs, and a hood over it."""
        room = self.room
        size = (STOVE_WIDTH - PLAY, self.height, SLAB_DEPTH)
        variant = int(room.random.integers(6))
        frame = build_in(room, "Stove", size, variant, self.wall, along)
        fit_burners(room, frame, size, variant)
        bottom, tall, deep = HOOD
        hood = (STOVE_WIDTH, min(tall, room.style.height - bottom - 0.02), deep)
        build_in(room, "RangeHood", hood, variant, self.wall, along, bottom)

    def _slab(self, run: list[float], width: float) -> None:
        """Lay one counter over neighbouring cabinets."""
        if not run:
            return
        middle, wide = (run[0] + run[-1]) / 2, run[-1] - run[0] + width
        item = self.room.make("CounterTop", size=(wide - PLAY, SLAB, self.depth), variant=self.stone)
        added = self.room.at_wall(item, self.wall, middle, height=self.height - SLAB / 2, margin=0.0)
        if added is not None:
            self.counters.append(added)


def fit_basin(room: RoomBuilder, holder: SceneObject) -> SceneObject | None:
    """Lay the basin into a sink or bathtub, with AI2-THOR's id for a part: `Sink|...|SinkBasin`."""
    tub = holder.type.name == "Bathtub"
    (x, y, z), (dx, dy, dz) = bathtub_hollow(holder.model.size) if tub else sink_hollow(holder.model.size)
    size = (x - PLAY, y - PLAY, z - PLAY)
    item = room.make(
        "BathtubBasin" if tub else "SinkBasin", size=size, variant=holder.model.variant - room.style.first_variant
    )
    return room.fix(item, holder, (dx, dy - PLAY / 2 if not tub else dy, dz), part_of=holder)


def fit_tap(room: RoomBuilder, sink: SceneObject) -> SceneObject | None:
    """Stand a tap on the back of a sink."""
    tap = room.make("Faucet", size=(0.18, 0.26, 0.22))
    _, height, depth = sink.model.size
    return room.fix(tap, sink, (0.0, height / 2 + tap.model.size[1] / 2, -0.42 * depth + 0.075))


def fit_burners(
    room: RoomBuilder, frame: ShellFrame, size: tuple[float, float, float], variant: int
) -> list[SceneObject | None]:
    """Put four burners on a range of a size and a knob for each on its front; return the burners."""
    _, height, depth = size
    burners, front = [], depth / 2 - 0.03
    for number in range(4):
        side, row = (-1, 1)[number // 2], (-1, 1)[number % 2]
        burner = room.make("StoveBurner", size=(0.22, 0.03, 0.22), variant=variant)
        burners.append(room.fix(burner, frame, (side * 0.14, height / 2 + 0.015, row * 0.135 - 0.02)))
        knob = room.make("StoveKnob", size=(0.05, 0.05, 0.04), variant=variant)
        room.fix(knob, frame, ((number - 1.5) * 0.125, 0.36 * height, front + 0.02))
    return burners
