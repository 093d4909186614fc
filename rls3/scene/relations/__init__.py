"""What holds between the objects of a scene: one module for each kind of relation."""

from rls3.scene.relations.direction import Relation, relation, relation_at, relation_of_points, rise

__all__ = ["Relation", "relation", "relation_at", "relation_of_points", "rise"]
