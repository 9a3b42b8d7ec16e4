"""Work that takes longer than a request may: done in short steps, each its own transaction.

`queue` writes down what is asked for and says how far it is, `runner` does it, `rows` changes many
rows of a table a few at a time. `forum.jobs` lists which kinds there are.
"""
