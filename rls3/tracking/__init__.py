"""What a person sees of a run: records, MLflow, live progress, pictures and the report."""
