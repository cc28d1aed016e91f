"""The environments of jobs: their forms, their variables, their quotes."""
