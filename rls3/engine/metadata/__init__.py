"""The records of a reply, as AI2-THOR 5.0 sends them."""
