"""The main job: the loop, its parts as plain objects or as Ray actors, faults and resume."""
