"""What agents see, and from where something can be seen."""
