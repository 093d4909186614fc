"""The real AI2-THOR client: starting it, driving it, reading its metadata, turning edits into its actions."""
