"""The Ray cluster of a run: one that is there, or one on this machine for as long as it takes.

Owns starting, joining and leaving it, and puts what can go wrong with it into words. Invariants: a
cluster on this machine listens to this machine alone and leaves no files behind; nobody is told of
its use.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

from ingest.errors import IngestError

# What Ray reads when it is first imported; what the user has set stays.
_DISCREET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",  # its warnings are for those who run a cluster
}
# Ray's way to say "this machine alone", whatever the system: every port opens on 127.0.0.1.
_LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
_IMPATIENT = {"RAY_NUM_REDIS_GET_RETRIES": "2"}  # a head that has died is given up after a minute
# Bytes of shared memory for what is under way; a batch of papers takes some three million.
_OBJECT_STORE = 128 * 1024**2
_ERROR = re.compile(r"^([\w.]+(?:Error|Exception)): (.+)$", re.MULTILINE)  # ends a traceback
_LONGEST_REASON = 300  # characters of Ray's own words, or a worker's
_HINT = "Every machine needs the same versions of Python, Ray and paperchat; see docs/scale.md."


@dataclass(frozen=True, slots=True)
class RaySettings:
    """Which cluster, and how much of it."""

    # The one that this machine is a node of; otherwise one on this machine alone, for the run.
    joined: bool = False
    # Each has a core, and a model of its own; by default as many as the cluster has cores.
    workers: int | None = None


@contextmanager
def connected(settings: RaySettings) -> Iterator[int]:
    """Give the number of workers while this process is connected to the cluster.

    A connection that is there already is used, and stays. Raises IngestError where there is no Ray
    or no such cluster, where it has fewer cores than workers were asked for, and where a worker
    fails.
    """
    ray = _imported(_IMPATIENT if settings.joined else _LOOPBACK)
    with ExitStack() as leaving:
        if not ray.is_initialized():
            _join(ray, settings, leaving)
        try:
            yield _workers(ray, settings)
        except ray.exceptions.RayError as error:
            raise _failed(error, settings) from error


def _imported(environment: dict[str, str]) -> Any:
    for name, value in (_DISCREET | environment).items():
        os.environ.setdefault(name, value)
    try:
        import llama_index.ingestion.ray  # noqa: F401
        import ray
    except ImportError as error:
        raise IngestError(
            "Ingest on a Ray cluster needs Ray, which is not installed",
            hint="Run: pip install 'paperchat[ray]'",
        ) from error
    return ray


def _join(ray: Any, settings: RaySettings, leaving: ExitStack) -> None:
    place: dict[str, Any] = {"address": "auto"}
    if not settings.joined:
        folder = TemporaryDirectory(prefix="paperchat-ray-", ignore_cleanup_errors=True)
        place = {
            "address": "local",
            "num_cpus": settings.workers or os.cpu_count() or 1,
            "object_store_memory": _OBJECT_STORE,
            "_temp_dir": leaving.enter_context(folder),
            "include_dashboard": False,
        }
    leaving.callback(ray.shutdown)
    try:
        ray.init(**place, log_to_driver=False, logging_level="ERROR")
    except Exception as error:  # of many kinds, the standard library's among them
        raise IngestError(
            f"The Ray cluster cannot be used: {_shortened(str(error))}",
            where=_where(settings),
            hint=_HINT,
        ) from error


def _workers(ray: Any, settings: RaySettings) -> int:
    cores = int(ray.cluster_resources().get("CPU", 0))
    workers = settings.workers or cores
    if not 0 < workers <= cores:
        raise IngestError(
            f"The Ray cluster has {cores} cores, too few for {workers} workers",
            where=_where(settings),
            hint="Ask for fewer with --ray-workers, or add machines to the cluster.",
        )
    return workers


def _failed(error: Exception, settings: RaySettings) -> IngestError:
    # Ray's words are the tracebacks of all that it went through. Errors that it has itself come
    # before the one that began it, or after it.
    told = [found[2] for found in _ERROR.finditer(str(error)) if not found[1].startswith("ray.")]
    reason = (told[-1] if told else str(error)).rstrip(".")
    return IngestError(
        f"A worker of the Ray cluster failed: {_shortened(reason)}",
        where=_where(settings),
        hint=_HINT,
    )


def _where(settings: RaySettings) -> str:
    return "the cluster of this machine" if settings.joined else "this machine"


def _shortened(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST_REASON else f"{words[:_LONGEST_REASON]}…"
