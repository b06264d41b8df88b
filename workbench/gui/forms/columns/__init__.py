"""Which columns of a table file mean what: a dialog with the first rows, for every family.

A family says it in its parameters: ``param(..., column_of="root")`` for a text that names a column
of the table at ``root``, with ``several=True`` for more than one. Its form then has a button below
that path. What an empty field means, `Params.columns` says. A family without a choice of what the
first row is has its first row recognised; one with a field ``first_row`` is asked.
"""
