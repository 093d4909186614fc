"""Builders: functions that draft the objects of a type from a `Spec`, one module per kind of thing."""
