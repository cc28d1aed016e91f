"""How much is found, and how much is replaced that is nobody: a labelled corpus of job records, and scores on it."""
