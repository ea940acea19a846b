"""Contestants with the published all-MiniLM-L6-v2 and the stack that most would begin with.

They need torch, sentence-transformers and llama-index-embeddings-huggingface, which the project
does not: `installed` says whether they are there. The model's own settings are kept: mean pooling,
normalised, cut at 256 tokens.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.retrieval_systems import DEPTH, Contestant, folder_bytes
from vectorstore.records import Paper

if TYPE_CHECKING:
    from llama_index.core.schema import Document
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

NEEDED = ("torch", "sentence_transformers", "llama_index.embeddings.huggingface")
FLOAT_BYTES = 4


def installed() -> bool:
    """Tell whether the stock contestants can run; if not, print what is missing."""
    os.environ["HF_HUB_OFFLINE"] = "1"  # read by the libraries when they are imported
    for module in NEEDED:
        try:
            import_module(module)
        except ImportError:
            print(f"Stock contestants are left out: {module} is not installed.")
            return False
    return True


def stock_embedding(weights: Path) -> HuggingFaceEmbedding:
    """Return llama-index's embedding with the weights of a folder."""
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    return HuggingFaceEmbedding(model_name=str(weights))


def stock_documents(papers: Sequence[Paper]) -> list[Document]:
    """Return papers as documents; llama-index embeds their title in front of each chunk."""
    from llama_index.core import Document

    return [
        Document(id_=paper.id, text=paper.abstract, metadata={"title": paper.title})
        for paper in papers
    ]


def stock_store(home: Path) -> ChromaVectorStore:
    """Return a new collection in a Chroma of its own."""
    import chromadb
    from chromadb.config import Settings
    from llama_index.vector_stores.chroma import ChromaVectorStore

    client = chromadb.PersistentClient(str(home), settings=Settings(anonymized_telemetry=False))
    collection = client.create_collection("quickstart", embedding_function=None)
    return ChromaVectorStore(chroma_collection=collection)


@contextmanager
def stock_llama_index(papers: Sequence[Paper], weights: Path, home: Path) -> Iterator[Contestant]:
    """Index papers as llama-index's documentation does it with Chroma, and retrieve."""
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter

    index = VectorStoreIndex.from_documents(
        stock_documents(papers),
        storage_context=StorageContext.from_defaults(vector_store=stock_store(home)),
        embed_model=stock_embedding(weights),
        transformations=[SentenceSplitter()],
    )
    retriever = index.as_retriever(similarity_top_k=DEPTH)

    def rank(question: str) -> list[str]:
        found = retriever.retrieve(question)
        return list(dict.fromkeys(str(item.node.ref_doc_id) for item in found))

    yield Contestant("LlamaIndex + Chroma, stock", rank, folder_bytes(home) / len(papers))


def exact_cosine(papers: Sequence[Paper], weights: Path) -> Contestant:
    """Compare a question with one vector of each title and abstract."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(weights))
    texts = [f"{paper.title}\n{paper.abstract}" for paper in papers]
    vectors = model.encode(texts, normalize_embeddings=True)

    def rank(question: str) -> list[str]:
        similarities = vectors @ model.encode(question, normalize_embeddings=True)
        return [papers[at].id for at in np.argsort(-similarities, kind="stable")[:DEPTH]]

    return Contestant("one vector, cut at 256, exact", rank, vectors.shape[1] * FLOAT_BYTES)
