"""Comes to two steps of its work, and says so."""

from steps import Steps

steps = Steps()
for step in ["before-send", "before-commit", "after-commit"]:
    steps.reach(step)
    print(f'"{step}"', flush=True)
