"""Several runs beside each other: what their figures say, and with what certainty."""
