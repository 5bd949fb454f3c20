"""Databricks SQL: Spark's grammar, in another shop."""

from bullseye.warehouse.dialects.spark import Spark


class Databricks(Spark):
    """Databricks' hooks; a notebook's widgets are replaced like Spark's variables."""

    name = "databricks"
    grammar = "databricks"


DATABRICKS = Databricks()
