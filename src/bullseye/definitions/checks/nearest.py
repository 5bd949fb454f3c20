"""How close two spellings are."""


def one_edit_apart(one: str, other: str) -> bool:
    """Whether one letter added, dropped, changed or swapped with its neighbour makes the other.

    >>> one_edit_apart("industy", "industry"), one_edit_apart("emplyoees", "employees")
    (True, True)
    >>> one_edit_apart("city", "country")
    False
    """
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if same is None:
        return True
    rest, others = one[same:], other[same:]
    if len(rest) != len(others):
        return rest[1:] == others or rest == others[1:]
    return rest[1:] == others[1:] or rest[:2][::-1] + rest[2:] == others
