"""
The session of a query: Spark within this process, or for SPARK_MASTER=spark://HOST:PORT a cluster of somebody's, whose workers
have to be on this machine: Kafka, the modules and the checkpoint are reached by them as they are from here.
"""

import os
import shutil
import sys
from pathlib import Path

from pyspark.sql import SparkSession

from variables import text

# As seen from the folder of start: the path of a socket has to be short.
_sockets = ".sockets"


def session_of(name: str) -> SparkSession:
    os.environ["LC_ALL"] = "C.UTF-8"  # in C, Java opens no file with a letter in its path that is not ASCII
    master = text("SPARK_MASTER", "local[2]")
    # A worker has nothing but these; and who asks a processor for its states is not given what a session sends along.
    folders = [Path(__file__).absolute().parent, Path(sys.argv[0]).absolute().parent]
    known = [str(folder) for folder in folders] + [text("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(known)
    # A cluster's workers would take the first on their own path, which has no packages.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    jars = [str(jar) for jar in sorted(Path(sys.prefix).parent.glob("*.jar"))]
    is_alone = master.startswith("local")
    builder = SparkSession.builder.appName(name).master(master).config(map=_settings(jars))
    session = builder.config(map=_alone() if is_alone else _on_cluster(jars)).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    if not is_alone:
        _refuse_workers_elsewhere(session, master)
    return session


def _settings(jars: list[str]) -> dict[str, str]:
    temporary = Path(".temporary").absolute()
    shutil.rmtree(temporary, ignore_errors=True)  # of one that was killed
    temporary.mkdir()
    return {
        "spark.driver.extraClassPath": os.pathsep.join(jars),
        "spark.driver.memory": "768m",
        # The quick compiler alone, for the other takes a third of the time to start.
        "spark.driver.extraJavaOptions": f'"-Djava.io.tmpdir={temporary}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1',
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(temporary),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": text("PARALLELISM", "2"),
        # The only one that keeps the state of such a processor.
        "spark.sql.streaming.stateStore.providerClass": "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider",
        # What a batch has changed is written, and now and then the whole.
        "spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled": "true",
        "spark.sql.streaming.minBatchesToRetain": "10",
        # Each file is written beside and renamed by either. The usual manager asks before whether source and target are links,
        # several times, and Hadoop without a library of its own, as PySpark has it, starts a process for each question.
        "spark.sql.streaming.checkpointFileManagerClass": "org.apache.spark.sql.execution.streaming.checkpointing.FileSystemBasedCheckpointFileManager",
    }


def _alone() -> dict[str, str]:
    """Nobody here reaches it without a secret that is made for it."""
    Path(_sockets).mkdir(mode=0o700, exist_ok=True)
    return {
        "spark.authenticate": "true",
        # Workers ask for state by these, and nobody else: a port would answer whoever comes first.
        "spark.python.unix.domain.socket.enabled": "true",
        "spark.python.unix.domain.socket.dir": _sockets,
    }


def _on_cluster(jars: list[str]) -> dict[str, str]:
    return {
        "spark.executor.extraClassPath": os.pathsep.join(jars),
        "spark.executorEnv.PYTHONPATH": os.environ["PYTHONPATH"],
        "spark.executorEnv.PYTHONDONTWRITEBYTECODE": "1",
    }


def _refuse_workers_elsewhere(session: SparkSession, master: str) -> None:
    """They would keep the state in folders of theirs, and whoever begins again would find another, or none."""
    folder = Path("checkpoint").absolute()
    folder.mkdir(exist_ok=True)
    tasks = session.sparkContext.parallelize(range(32), 32)
    if not all(tasks.map(lambda _: folder.is_dir()).collect()):
        raise SystemExit(
            f"workers of {master} do not see {folder}: the checkpoint of this query, its modules and its brokers are those of "
            "this machine. Give SPARK_MASTER a cluster whose workers run here, or local[N]"
        )
