"""llama-index's Ray pipeline as this project runs it: what goes to workers, and what comes back.

A row of Ray's is a node of llama-index's as JSON, with its embedding beside it. Workers get rows in
batches that know nothing of papers, so all steps are one here: documents go in, and the nodes of a
paper come out together.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import ray.data
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import BaseNode, Document, TransformComponent
from llama_index.ingestion.ray import RayIngestionPipeline, RayTransformComponent
from llama_index.ingestion.ray.utils import ray_deserialize_node_batch, ray_serialize_node

from ingest.engine import BATCH_PAPERS, pipeline_steps
from ingest.errors import IngestError
from ingest.passages import PassageSettings
from vectorstore.embedding import Embedder, Matrix


class OnWorker(TransformComponent):
    """The steps of the pipeline, one after the other, in the process of a worker."""

    _steps: Sequence[TransformComponent] = PrivateAttr()

    def __init__(self, embedder: Embedder, settings: PassageSettings, model: str) -> None:
        """Take what came by pickle; raises IngestError if another `model` is installed here."""
        super().__init__()
        if embedder.name != model:
            raise IngestError(
                f"A worker has the embedding model {embedder.name}, and this paperchat has {model}",
                hint="Install the same paperchat on every machine.",
            )
        self._steps = pipeline_steps(embedder, settings)

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[BaseNode]:
        """Return the nodes of the documents, ready to travel."""
        for step in self._steps:
            nodes = step(nodes, **kwargs)
        for node in nodes:
            if "tokens" in node.metadata:
                node.metadata["tokens"] = _packed(node.metadata["tokens"])
        return list(nodes)


def worker_pipeline(
    embedder: Embedder, settings: PassageSettings, workers: int
) -> RayIngestionPipeline:
    """Return the pipeline over `workers` processes, each of which has a core and loads a model."""
    _configure()
    on_worker = RayTransformComponent(
        transform_class=OnWorker,
        transform_kwargs={"embedder": embedder, "settings": settings, "model": embedder.name},
        map_batches_kwargs={
            "batch_size": BATCH_PAPERS,
            "compute": ray.data.ActorPoolStrategy(size=workers),
            "num_cpus": 1,
        },
    )
    return RayIngestionPipeline(transformations=[on_worker])


def stream_nodes(
    pipeline: RayIngestionPipeline, documents: Sequence[Document]
) -> Iterator[list[BaseNode]]:
    """Give the nodes of all documents in no set order, but those of a document together.

    Does what the pipeline's own `run` does, which gives nothing until the last worker is done.
    """
    rows = [ray_serialize_node(document) for document in documents]
    dataset: ray.data.Dataset = ray.data.from_items(
        rows, override_num_blocks=max(1, len(rows) // BATCH_PAPERS)
    )
    for transformation in pipeline.transformations:
        dataset = transformation(dataset)
    for table in dataset.iter_batches(batch_size=None, batch_format="pyarrow"):
        nodes = ray_deserialize_node_batch(table)
        for node in nodes:
            if "tokens" in node.metadata:
                node.metadata["tokens"] = _unpacked(node.metadata["tokens"])
        yield nodes


def _configure() -> None:
    context = ray.data.DataContext.get_current()
    # Ray cuts long results where it likes, also between the nodes of a paper.
    context.target_max_block_size = None
    context.enable_progress_bars = False  # the command has one of its own
    context.print_on_execution_start = False
    # Its errors are raised too, and told as ours.
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)


def _packed(tokens: Matrix) -> list[Any]:
    """Return a matrix as JSON can hold it, to the last bit."""
    return [list(tokens.shape), base64.b64encode(tokens.astype("<f4").tobytes()).decode("ascii")]


def _unpacked(packed: list[Any]) -> Matrix:
    shape, data = packed
    return np.frombuffer(base64.b64decode(data), "<f4").reshape(shape)
