"""The real AI2-THOR client: starting it, driving it, reading its metadata, turning edits into its actions."""

from rls3.thor.metadata import scene_from_metadata

__all__ = ["scene_from_metadata"]
