"""The agents: their bodies, their eyes, and what each kind of them can do."""

from __future__ import annotations

from dataclasses import dataclass, field

from rls3.engine.geometry import Array, Vector, pose_matrix
from rls3.engine.world.hands import Hand

#: An agent's body is a capsule, metres; its centre is this high above the floor when it stands there.
AGENT_RADIUS = 0.2
AGENT_HEIGHT = 1.8
AGENT_CENTER_Y = 0.901
#: Heights of cameras above the centre of the body, metres.
STANDING_EYE = 0.675
CROUCHING_EYE = 0.0
LOCOBOT_EYE = -0.0312


@dataclass(frozen=True)
class AgentMode:
    """A kind of agent, as `agentMode` of Initialize names it.

    Attributes:
        name: AI2-THOR's name.
        field_of_view: vertical field of view of its camera unless the client gives one, degrees.
        eye: height of its camera above the centre of its body when it stands, metres.
        crouches: whether it can crouch; `isStanding` is null and `standing` no argument for the others.
        flies: whether it may be anywhere above the floor.
        arm: whether it has an arm.
        hands: whether it can pick up, put, open and change objects.
    """

    name: str
    field_of_view: float = 90.0
    eye: float = STANDING_EYE
    crouches: bool = True
    flies: bool = False
    arm: bool = False
    hands: bool = True

    def has(self, need: str) -> bool:
        """Return whether it has what an action needs: "hands", "knees" or "arm"."""
        return {"hands": self.hands, "knees": self.crouches, "arm": self.arm}[need]


DEFAULT_MODE = AgentMode("default")
MODES = {
    mode.name: mode
    for mode in (
        DEFAULT_MODE,
        AgentMode("locobot", field_of_view=60.0, eye=LOCOBOT_EYE, crouches=False, hands=False),
        AgentMode("drone", field_of_view=150.0, eye=0.0, crouches=False, flies=True, hands=False),
        AgentMode("arm", arm=True),
    )
}


@dataclass(frozen=True)
class Agent:
    """An agent: `position` is the centre of its capsule, metres; angles in degrees, `horizon` positive downwards."""

    position: Vector = (0.0, AGENT_CENTER_Y, 0.0)
    yaw: float = 0.0
    horizon: float = 0.0
    standing: bool = True
    mode: AgentMode = DEFAULT_MODE
    hand: Hand = field(default_factory=Hand)

    @property
    def eye(self) -> Vector:
        """Position of its camera."""
        x, y, z = self.position
        return (x, y + (self.mode.eye if self.standing else CROUCHING_EYE), z)

    @property
    def hand_pose(self) -> Array:
        """(4, 4) matrix from hand to world coordinates."""
        return pose_matrix(self.eye, (self.horizon, self.yaw, 0.0)) @ pose_matrix(
            self.hand.position, self.hand.rotation
        )
