"""Our own held-out suite of spatial questions."""
