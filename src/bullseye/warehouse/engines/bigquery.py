"""BigQuery as the warehouse."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from bullseye.warehouse.dialects.bigquery import BIGQUERY
from bullseye.warehouse.engines.dbapi import DbApi
from bullseye.warehouse.engines.drivers import driver


class BigQuery(DbApi):
    """A BigQuery project: ``bigquery://project``; schemas are its datasets.

    Credentials are those of the environment, as Google's own tools use them.
    """

    label = "BigQuery"
    dialect = BIGQUERY

    def __init__(self, url: str) -> None:
        super().__init__(url)
        bigquery = driver("google.cloud.bigquery", "bigquery")
        dbapi = driver("google.cloud.bigquery.dbapi", "bigquery")
        parts = urlsplit(url)
        dataset = parts.path.strip("/")
        settings = {"default_dataset": f"{parts.netloc}.{dataset}"} if dataset else {}
        with self.explained():
            client = bigquery.Client(
                project=parts.netloc, default_query_job_config=bigquery.QueryJobConfig(**settings)
            )
            self._connection = dbapi.connect(client)
            self._user = str(client.get_service_account_email())

    @property
    def version(self) -> str:
        """BigQuery, which has no version."""
        return "bigquery"

    @property
    def user(self) -> str:
        """The account that queries."""
        return self._user

    def _catalogue(self, schema: Sequence[str]) -> str:
        """Return the information schema: a dataset's own, which stands inside it."""
        return ".".join([*(self.dialect.identifier(part) for part in schema), "INFORMATION_SCHEMA"])

    def has_schema(self, schema: str) -> bool:
        """Whether the dataset is there."""
        *project, name = self.parts(schema)
        where = f"schema_name = {self.dialect.literal(name)}"
        return bool(self.rows(f"SELECT 1 FROM {self._catalogue(project)}.SCHEMATA WHERE {where}"))

    def grant_reading(self, relation: str) -> str:
        """Return what lets us read a relation."""
        role = "`roles/bigquery.dataViewer`"
        return f'GRANT {role} ON TABLE {self.quoted(relation)} TO "serviceAccount:{self.user}"'

    def grant_writing(self, schema: str) -> str:
        """Return what lets us write the one dataset."""
        role = "`roles/bigquery.dataEditor`"
        return f'GRANT {role} ON SCHEMA {self.quoted(schema)} TO "serviceAccount:{self.user}"'
