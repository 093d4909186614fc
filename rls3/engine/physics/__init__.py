"""What collides, carries, falls and tips over, and putting things where they stay."""
