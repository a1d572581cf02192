"""How the next numbers of an office's series of a year are drawn."""


def drawing(table: str, *, mark: str = "%s") -> str:
    """Return the statement that draws the next numbers of a series and gives the last of them.

    Its three values are office, year and how many. The row stays locked until the commit, and a
    roll-back gives the numbers back, so a series has no gaps. `mark` stands for a value.
    """
    return (
        f"INSERT INTO {table} AS series (office_id, year, last_number)"  # noqa: S608 - our own name
        f" VALUES ({mark}, {mark}, {mark}) ON CONFLICT (office_id, year)"
        " DO UPDATE SET last_number = series.last_number + excluded.last_number"
        " RETURNING last_number AS drawn"
    )
