"""The scene as data: objects, shell, agents and cameras, and what follows from where they are."""
