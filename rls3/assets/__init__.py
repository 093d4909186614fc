"""Household objects: AI2-THOR's types and properties, procedural materials, and parametric meshes built from them."""
