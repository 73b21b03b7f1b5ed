"""The screen: one file a page (guard, ask, act, show), shared pieces in `parts/`, routes and the gate in `http/`.

May import: core.actions, core.figures, core.specs, core.errors. Promises: no arithmetic, no SQL, no paths, no Keras.
"""
