"""Household objects: AI2-THOR's types and properties, procedural materials, and parametric meshes built from them.

`catalogue` builds an object from the name of its type (`types`): a builder (`builders`) drafts it (`drafting`) from
meshes (`primitives`) and materials (`materials`, `variants`), and what its state shows is added (`conditions`).
"""
