"""Score where the data lives, as a Spark job: spark-submit pyspark_job.py WORKSPACE.

The workspace was connected once, where the job runs: bullseye connect spark://local
"""

import sys

from pyspark.sql import SparkSession

from bullseye import Workspace


def main(folder: str) -> None:
    """Score the tables of this session's catalogue, and show the best accounts."""
    spark = SparkSession.builder.appName("bullseye").getOrCreate()
    done = Workspace.open(folder).run()
    sys.stdout.write(f"{done.run_id}: {done.accounts:,} accounts scored\n")
    best = spark.table("bullseye.scores").where("tier = 'T1'").orderBy("account_id")
    best.select("account_id", "icp", "fit_score", "signal_strength").show(20)


if __name__ == "__main__":
    main(sys.argv[1])
