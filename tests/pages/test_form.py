"""The form: widgets follow from knobs, values come back checked and survive a switch of pages."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def _training() -> None:
    import streamlit as st

    from core.specs import TrainingConfig
    from pages.parts.form import form

    st.session_state.setdefault("draft", TrainingConfig())
    if st.session_state.get("elsewhere"):
        st.write("another page")
    else:
        st.session_state.draft = form(TrainingConfig, st.session_state.draft, "training")


def _network() -> None:
    import streamlit as st

    from core.specs import CnnConfig
    from pages.parts.form import form

    st.session_state.setdefault("draft", CnnConfig())
    words = {"filters": ("Blocks", "Filters, block {n}")}
    st.session_state.draft = form(CnnConfig, st.session_state.draft, "model", columns=2, entry_words=words)


def _split() -> None:
    import streamlit as st

    from core.specs import SplitConfig
    from pages.parts.form import ask

    st.session_state.setdefault("draft", SplitConfig())
    asked = ask(SplitConfig, st.session_state.draft, "split")
    st.session_state.draft, st.session_state.refused = asked.spec, asked.error is not None


def test_every_kind_of_knob_becomes_its_widget() -> None:
    app = AppTest.from_function(_network).run()
    assert not app.exception
    assert app.number_input(key="model_kernel_size").label == "Kernel size (px)"
    assert app.toggle(key="model_batch_normalization").value is False
    assert app.slider(key="model_dropout").max == 0.9
    assert list(app.selectbox(key="model_initializer").options)[1] == "He normal"
    assert [app.number_input(key=f"model_filters_{i}").value for i in range(3)] == [32, 64, 128]
    assert app.number_input(key="model_filters_1").label == "Filters, block 2"


def test_help_is_the_two_sentences_of_the_knob() -> None:
    app = AppTest.from_function(_network).run()
    text = app.number_input(key="model_kernel_size").help
    assert text.startswith("The side of the window that each filter looks through. Raise it when")


def test_a_typed_value_comes_back_in_the_config() -> None:
    app = AppTest.from_function(_training).run()
    app.number_input(key="training_learning_rate").set_value(0.0003).run()
    assert app.session_state.draft.learning_rate == 0.0003
    assert app.number_input(key="training_learning_rate").value == 0.0003


def test_a_value_outside_the_limits_is_refused_under_its_widget_and_not_used() -> None:
    app = AppTest.from_function(_training).run()
    app.number_input(key="training_learning_rate").set_value(7.0).run()
    assert "Learning rate" in app.error[0].value
    assert "to 1" in app.error[0].value
    assert app.session_state.draft.learning_rate == 0.001
    assert app.number_input(key="training_learning_rate").value == 7.0
    app.number_input(key="training_learning_rate").set_value(0.5).run()
    assert not app.error
    assert app.session_state.draft.learning_rate == 0.5


def test_an_entry_outside_the_limits_is_refused() -> None:
    app = AppTest.from_function(_network).run()
    app.number_input(key="model_filters_1").set_value(0).run()
    assert "Filters" in app.error[0].value
    assert app.session_state.draft.filters == (32, 64, 128)


def test_steps_leave_no_dust_behind_the_digits() -> None:
    app = AppTest.from_function(_training).run()
    app.number_input(key="training_learning_rate").set_value(0.0001 + 0.0002).run()  # 0.00030000000000000003
    assert app.session_state.draft.learning_rate == 0.0003


def test_a_longer_list_starts_its_new_entry_with_the_last_one() -> None:
    app = AppTest.from_function(_network).run()
    app.segmented_control(key="model_filters_count").set_value(5).run()
    assert app.session_state.draft.filters == (32, 64, 128, 128, 128)
    app.segmented_control(key="model_filters_count").set_value(1).run()
    assert app.session_state.draft.filters == (32,)


def test_a_list_may_become_empty_and_come_back() -> None:
    app = AppTest.from_function(_network).run()
    app.segmented_control(key="model_dense_units_count").set_value(0).run()
    assert app.session_state.draft.dense_units == ()
    app.segmented_control(key="model_dense_units_count").set_value(1).run()
    assert app.session_state.draft.dense_units == (128,)


def test_a_setting_is_shown_only_where_it_matters() -> None:
    app = AppTest.from_function(_training).run()
    keys = {widget.key for widget in app.number_input}
    assert "training_epochs" in keys
    assert "training_iterations" not in keys
    app.segmented_control(key="training_limit").set_value("iterations").run()
    keys = {widget.key for widget in app.number_input}
    assert "training_iterations" in keys
    assert "training_epochs" not in keys


def test_values_survive_a_switch_of_pages() -> None:
    app = AppTest.from_function(_training).run()
    app.number_input(key="training_batch_size").set_value(64).run()
    app.session_state["elsewhere"] = True
    app.run()
    assert not app.number_input
    app.session_state["elsewhere"] = False
    app.run()
    assert app.number_input(key="training_batch_size").value == 64


def test_a_draft_changed_from_outside_shows_in_the_widgets() -> None:
    app = AppTest.from_function(_training).run()
    app.number_input(key="training_batch_size").set_value(64).run()
    app.session_state["draft"] = app.session_state["draft"].model_copy(update={"batch_size": 16, "seed": 7})
    app.run()
    assert app.number_input(key="training_batch_size").value == 16
    assert app.session_state.draft.seed == 7


def test_values_that_do_not_fit_together_are_refused_and_the_last_good_ones_kept() -> None:
    app = AppTest.from_function(_split).run()
    app.number_input(key="split_train_percent").set_value(80).run()
    # 80 + 15 + 15 = 110
    assert "110" in app.error[0].value
    assert app.session_state.draft.train_percent == 70
    assert app.session_state.refused
    app.number_input(key="split_val_percent").set_value(5).run()
    assert not app.error
    assert (app.session_state.draft.train_percent, app.session_state.draft.val_percent) == (80, 5)
