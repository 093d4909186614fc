"""Where agents can stand, and the ways between."""
