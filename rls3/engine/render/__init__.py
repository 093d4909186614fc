"""Pictures of the engine's scene: colour, depth, instance ids and normals."""

import warp as wp

# Warp prints a banner and compile times when kernels load; standard output belongs to the engine's caller.
wp.config.log_level = wp.LOG_ERROR
