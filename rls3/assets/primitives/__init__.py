"""Closed triangle meshes that builders put together: boxes, turned and swept solids, prisms, cushions.

Metres, y up. Every function returns a closed, outward oriented `Mesh`; solids that stand have their base at y = 0,
`box`, `rounded_box`, `cushion`, `ellipsoid` and `torus` are centred on the origin.
"""

from rls3.assets.primitives.boxes import box, cushion, rounded_box
from rls3.assets.primitives.mesh import Mesh, Vector
from rls3.assets.primitives.swept import arc, prism, sweep
from rls3.assets.primitives.turned import cone, cylinder, ellipsoid, lathe, smooth, torus, tube, vessel

__all__ = [
    "Mesh",
    "Vector",
    "arc",
    "box",
    "cone",
    "cushion",
    "cylinder",
    "ellipsoid",
    "lathe",
    "prism",
    "rounded_box",
    "smooth",
    "sweep",
    "torus",
    "tube",
    "vessel",
]
