"""A line for each job: its user and its site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from anonkit.api import Batch, Listing, Roles, RunContext
from anonkit_batch_groups import BatchGroupsListingOptions


@attrs.frozen
class BatchGroupsListing(Listing[None, None]):
    """The stream is the output; anonkit joins the batches' lines in the order of the rows."""

    options: BatchGroupsListingOptions

    def columns(self, roles: Roles) -> Sequence[str]:
        return [roles.site]

    def static_text(self, context: RunContext) -> Sequence[str]:
        return [f"\n{self.options.file}", "\nuser site\n"]

    def opening(self, stream: str, context: RunContext) -> bytes:
        return b"user site\n"

    def render(self, batch: Batch) -> Mapping[str, bytes]:
        roles = batch.context.roles
        pairs = zip(batch.column(roles.user).to_pylist(), batch.column(roles.site).to_pylist(), strict=True)
        return {self.options.file: "".join(f"{user or '-'} {site or '-'}\n" for user, site in pairs).encode()}
