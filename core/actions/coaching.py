"""What the coach says of a run: its curves read with an experienced eye."""

from __future__ import annotations

from core.actions.home import Home
from core.errors import DataGone
from core.jobs import card_of
from core.metrics import Advice, advise, run_facts
from core.specs import DatasetCard, RunConfig, Split
from core.training.schedule import schedule_of


def coach(home: Home, run_id: str) -> list[Advice]:
    """What the curves of a run suggest so far, the most pressing first; nothing before its files are there."""
    try:
        card = card_of(home.settings, run_id)
    except DataGone:
        return []
    row = home.store.run(run_id)
    facts = run_facts(
        home.store.epoch_points(run_id),
        val_counts=[counts.get(Split.VALIDATION, 0) for counts in card.counts],
        planned_epochs=_planned_epochs(row.config, card),
        over=row.job.state.final,
        eased=not row.config.augmentation.is_off or row.config.model.dropout > 0,
    )
    return advise(facts)


def _planned_epochs(config: RunConfig, card: DatasetCard) -> int:
    return schedule_of(config.training, max(1, card.count(Split.TRAIN))).epochs
