"""Execute one query with whatever DuckDB the path finds first; work and rows are JSON."""

import json
import sys

import duckdb


def main() -> None:
    work = json.load(sys.stdin)
    with duckdb.connect() as connection:
        for name, path in work["tables"].items():
            file = "'" + path.replace("'", "''") + "'"
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({file})")
        rows = connection.execute(work["sql"]).fetchall()
    told = [[{"float": c.hex()} if isinstance(c, float) else c for c in row] for row in rows]
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
