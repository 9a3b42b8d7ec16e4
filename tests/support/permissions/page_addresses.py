"""The addresses of all pages."""

from tests.support.permissions import matrix_table

PAGES = [door.split(" ")[-1] for door in matrix_table.ROUTES if "GET" in door.split(" ")]
