"""What a subject is told by its environment."""

import os


def text(name: str, otherwise: str) -> str:
    return os.environ.get(name) or otherwise


def number(name: str, otherwise: int) -> int:
    value = text(name, str(otherwise))
    try:
        return int(value)
    except ValueError as error:
        raise ValueError(f'{name} has to be a whole number, but is "{value}"') from error
