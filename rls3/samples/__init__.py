"""The sample record, its scores, its ledger and its way through the object store."""
