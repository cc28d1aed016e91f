"""anonkit: anonymized, shareable reports from batch-job accounting data."""
