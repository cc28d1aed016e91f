from concurrent.futures import Executor

from anonkit_batch_groups import BatchGroupsExecutorOptions
from anonkit_batch_groups.executor import batch_groups_executor

from anonkit.testing import ExecutorContract


class TestExecutor(ExecutorContract):
    def executor(self, workers: int) -> Executor:
        return batch_groups_executor(BatchGroupsExecutorOptions(), workers)
