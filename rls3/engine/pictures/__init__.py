"""Pictures of the world, with the names and colours of what they show."""
