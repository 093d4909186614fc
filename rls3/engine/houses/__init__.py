"""Houses in ProcTHOR's format, and the templates and asset tables that belong to them."""
