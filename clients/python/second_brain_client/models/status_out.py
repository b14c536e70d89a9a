from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.backlog_out import BacklogOut
    from ..models.breaker_out import BreakerOut
    from ..models.concern_out import ConcernOut
    from ..models.queue_out import QueueOut
    from ..models.reembedding_out import ReembeddingOut
    from ..models.step_count_out import StepCountOut
    from ..models.stuck_step_out import StuckStepOut


T = TypeVar("T", bound="StatusOut")


@_attrs_define
class StatusOut:
    """GET /api/admin/status. `healthy` when there are no concerns.

    Attributes:
        version (str):
        healthy (bool):
        concerns (list[ConcernOut]):
        queues (list[QueueOut]):
        steps (list[StepCountOut]):
        stuck_steps (list[StuckStepOut]):
        jobs (BacklogOut): How many things wait, and for how long the oldest has.
        outbox (BacklogOut): How many things wait, and for how long the oldest has.
        inbox (BacklogOut): How many things wait, and for how long the oldest has.
        uploads (BacklogOut): How many things wait, and for how long the oldest has.
        deletions (BacklogOut): How many things wait, and for how long the oldest has.
        breakers (list[BreakerOut]):
        reembedding (ReembeddingOut): How far users are on the way to the current embedding model; tokens of this day
            (UTC).
    """

    version: str
    healthy: bool
    concerns: list[ConcernOut]
    queues: list[QueueOut]
    steps: list[StepCountOut]
    stuck_steps: list[StuckStepOut]
    jobs: BacklogOut
    outbox: BacklogOut
    inbox: BacklogOut
    uploads: BacklogOut
    deletions: BacklogOut
    breakers: list[BreakerOut]
    reembedding: ReembeddingOut
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        healthy = self.healthy

        concerns = []
        for concerns_item_data in self.concerns:
            concerns_item = concerns_item_data.to_dict()
            concerns.append(concerns_item)

        queues = []
        for queues_item_data in self.queues:
            queues_item = queues_item_data.to_dict()
            queues.append(queues_item)

        steps = []
        for steps_item_data in self.steps:
            steps_item = steps_item_data.to_dict()
            steps.append(steps_item)

        stuck_steps = []
        for stuck_steps_item_data in self.stuck_steps:
            stuck_steps_item = stuck_steps_item_data.to_dict()
            stuck_steps.append(stuck_steps_item)

        jobs = self.jobs.to_dict()

        outbox = self.outbox.to_dict()

        inbox = self.inbox.to_dict()

        uploads = self.uploads.to_dict()

        deletions = self.deletions.to_dict()

        breakers = []
        for breakers_item_data in self.breakers:
            breakers_item = breakers_item_data.to_dict()
            breakers.append(breakers_item)

        reembedding = self.reembedding.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
                "healthy": healthy,
                "concerns": concerns,
                "queues": queues,
                "steps": steps,
                "stuck_steps": stuck_steps,
                "jobs": jobs,
                "outbox": outbox,
                "inbox": inbox,
                "uploads": uploads,
                "deletions": deletions,
                "breakers": breakers,
                "reembedding": reembedding,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.backlog_out import BacklogOut  # noqa: PLC0415
        from ..models.breaker_out import BreakerOut  # noqa: PLC0415
        from ..models.concern_out import ConcernOut  # noqa: PLC0415
        from ..models.queue_out import QueueOut  # noqa: PLC0415
        from ..models.reembedding_out import ReembeddingOut  # noqa: PLC0415
        from ..models.step_count_out import StepCountOut  # noqa: PLC0415
        from ..models.stuck_step_out import StuckStepOut  # noqa: PLC0415

        d = dict(src_dict)
        version = d.pop("version")

        healthy = d.pop("healthy")

        concerns = []
        _concerns = d.pop("concerns")
        for concerns_item_data in _concerns:
            concerns_item = ConcernOut.from_dict(concerns_item_data)

            concerns.append(concerns_item)

        queues = []
        _queues = d.pop("queues")
        for queues_item_data in _queues:
            queues_item = QueueOut.from_dict(queues_item_data)

            queues.append(queues_item)

        steps = []
        _steps = d.pop("steps")
        for steps_item_data in _steps:
            steps_item = StepCountOut.from_dict(steps_item_data)

            steps.append(steps_item)

        stuck_steps = []
        _stuck_steps = d.pop("stuck_steps")
        for stuck_steps_item_data in _stuck_steps:
            stuck_steps_item = StuckStepOut.from_dict(stuck_steps_item_data)

            stuck_steps.append(stuck_steps_item)

        jobs = BacklogOut.from_dict(d.pop("jobs"))

        outbox = BacklogOut.from_dict(d.pop("outbox"))

        inbox = BacklogOut.from_dict(d.pop("inbox"))

        uploads = BacklogOut.from_dict(d.pop("uploads"))

        deletions = BacklogOut.from_dict(d.pop("deletions"))

        breakers = []
        _breakers = d.pop("breakers")
        for breakers_item_data in _breakers:
            breakers_item = BreakerOut.from_dict(breakers_item_data)

            breakers.append(breakers_item)

        reembedding = ReembeddingOut.from_dict(d.pop("reembedding"))

        status_out = cls(
            version=version,
            healthy=healthy,
            concerns=concerns,
            queues=queues,
            steps=steps,
            stuck_steps=stuck_steps,
            jobs=jobs,
            outbox=outbox,
            inbox=inbox,
            uploads=uploads,
            deletions=deletions,
            breakers=breakers,
            reembedding=reembedding,
        )

        status_out.additional_properties = d
        return status_out

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
