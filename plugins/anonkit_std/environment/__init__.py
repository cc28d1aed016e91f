"""The environments of jobs: their forms, their quotes, their variables."""
