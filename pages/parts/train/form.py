"""The form of a new run, in groups: the images, the network, the training, when to stop; and Start."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core import actions
from core.errors import LightboxError
from core.specs import CnnConfig, DatasetCard, NetworkPlan, RunConfig, Split, TrainingConfig
from pages.parts import numbers, page, session
from pages.parts.form import ask
from pages.parts.train import images as train_images

ENTRY_WORDS = {"filters": ("Convolution blocks", "Filters {n}"), "dense_units": ("Dense layers", "Units {n}")}
BESIDES = ("activation", "initializer", "batch_normalization", "dropout")
LOSS_AND_LUCK = ("loss", "class_weights", "seed", "precision")
STICKY = """<style>
[data-testid="stLayoutWrapper"]:has(> .st-key-train_start_bar){position:sticky;bottom:0;z-index:5;
 margin-top:.9rem;padding:.75rem 0 1rem;background:light-dark(#ffffff,#11191c);
 border-top:1px solid color-mix(in srgb,currentColor 22%,transparent)}
[data-testid="stLayoutWrapper"]:has(> .st-key-train_start_bar)::before{content:"";position:absolute;
 inset:-1.75rem 0 100%;pointer-events:none;background:linear-gradient(transparent,light-dark(#ffffff,#11191c))}
[data-testid="stMain"]{scroll-padding-bottom:8rem}
</style>"""


@dataclass(frozen=True)
class Choice:
    """What the form asks for: the config, and the network that it makes or the error that says why it cannot be."""

    config: RunConfig
    plan: NetworkPlan | None
    error: LightboxError | None


def choose(data: actions.DatasetRow, card: DatasetCard) -> Choice:
    """Draw the form and its Start; a click on it queues the run and takes it in hand."""
    recipe, augmentation = train_images.choose(data, card)
    model, wrong_model = _network()
    training, wrong_training = _training(card)
    config = RunConfig(
        dataset_id=data.id, recipe=recipe, augmentation=augmentation, model=model, training=training, task=card.task
    )
    choice = _planned(config, card, wrong_model or wrong_training)
    _start(choice)
    return choice


def start_from(run: actions.RunRow) -> None:
    """Put the settings of a run into the form, to change some and run again."""
    drafts = session.visitor().drafts
    drafts |= {"train_model": run.config.model, "train_training": run.config.training, "train_view": "new"}
    train_images.prepare_like(run)


def _network() -> tuple[CnnConfig, LightboxError | None]:
    drafts = session.visitor().drafts
    draft = drafts.get("train_model", CnnConfig())
    st.markdown("### Network")
    first = ask(CnnConfig, draft, "model", skip=BESIDES, columns=2, entry_words=ENTRY_WORDS)
    with st.expander("More about the network"):
        rest = ask(CnnConfig, first.spec, "model", only=BESIDES, columns=2)
    drafts["train_model"] = rest.spec
    return rest.spec, first.error or rest.error


def _training(card: DatasetCard) -> tuple[TrainingConfig, LightboxError | None]:
    drafts = session.visitor().drafts
    draft = drafts.get("train_training", TrainingConfig())
    st.markdown("### Training")
    how = ask(TrainingConfig, draft, "training", only=("optimizer",))
    batch = ("batch_auto", "batch_size", "batch_most")
    hidden = batch if how.spec.optimizer == "full_batch" else ()  # it takes all images at once
    names = ("learning_rate", *batch, "momentum", "limit", "epochs", "iterations")
    much = ask(TrainingConfig, how.spec, "training", only=names, skip=hidden, columns=2)
    with st.expander("Loss, balance, chance and numbers"):
        st.caption(_balance_words(card))
        rest = ask(TrainingConfig, much.spec, "training", only=LOSS_AND_LUCK)
    with st.expander("Stopping early"):
        when = ask(TrainingConfig, rest.spec, "training", only=("patience", "stop_when"))
        below = when
        if when.spec.stop_when != "never":
            below = ask(TrainingConfig, when.spec, "training", only=("stop_below",))
    drafts["train_training"] = below.spec
    return below.spec, how.error or much.error or rest.error or when.error or below.error


def _balance_words(card: DatasetCard) -> str:
    """Whether the classes are about as large as each other, so that the switch beneath can be judged."""
    totals = [by_split.get(Split.TRAIN, 0) for by_split in card.counts]
    least, most = min(totals), max(totals)
    return f"The smallest class has {numbers.count(least, 'training image')}, the largest {numbers.count(most)}."


def _planned(config: RunConfig, card: DatasetCard, wrong: LightboxError | None) -> Choice:
    try:
        plan = actions.describe_network(
            config.model, config.recipe.shape, len(card.classes), config.training, card.count(Split.TRAIN)
        )
    except LightboxError as error:
        return Choice(config, None, wrong or error)
    return Choice(config, plan, wrong)


def _start(choice: Choice) -> None:
    """Start stays in sight at the lower edge of the window, however long the form is."""
    drafts = session.visitor().drafts
    st.html(STICKY)
    with st.container(key="train_start_bar", horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "Name of the run", drafts.get("train_name", ""), max_chars=80, placeholder="chosen for you"
        )
        drafts["train_name"] = name
        if st.button("Start training", type="primary", key="train_start", disabled=choice.error is not None):
            _queue(choice.config, name)


def _queue(config: RunConfig, name: str) -> None:
    try:
        run_id = actions.start_training(session.home(), config, name or None)
    except LightboxError as error:
        page.show_error(error)
        return
    actions.ensure_worker(session.home())
    session.visitor().drafts |= {"train_name": "", "train_view": "run"}
    session.take_run(run_id)
    st.rerun()
