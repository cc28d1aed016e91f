"""Workloads for simulators: the numbers of each job, written in the Standard Workload Format and for Batsim."""
