#!/usr/bin/env python3
"""Scores documents with genlm-bytes, so that its figures can stand beside those of `bytelm bench`.

    pip install genlm-bytes
    java -jar job/target/bytelm.jar bench --model DIR --in FILE --write-documents documents.hex ...
    python3 job/src/bench/genlm_bytes_peer.py --model DIR --documents documents.hex --k 5 --prune 0.05

Each line of the documents is one document in hex. With --concurrent, that many documents are in flight at once: the
library then batches their model calls. Prints one line of JSON; nats are summed over the documents that were scored.
"""

import argparse
import asyncio
import json
import sys
import time


def arguments():
    parser = argparse.ArgumentParser(description="Scores documents with genlm-bytes.")
    parser.add_argument("--model", required=True, help="a Hugging Face directory")
    parser.add_argument("--documents", required=True, help="one document a line, in hex")
    parser.add_argument("--count", type=int, default=None, help="score only the first so many")
    parser.add_argument("--k", type=int, default=5, help="beam width (default 5)")
    parser.add_argument("--prune", type=float, default=0.05, help="prune threshold (default 0.05)")
    parser.add_argument("--concurrent", type=int, default=1, help="documents in flight (default 1)")
    parser.add_argument("--threads", type=int, default=0, help="threads of PyTorch (default: its own choice)")
    return parser.parse_args()


class CountedCalls:
    """Counts the contexts that the library's own cache did not know."""

    def __init__(self, model):
        self.evaluations = 0
        evaluate = model.add_query

        def counted(*query):
            self.evaluations += 1
            return evaluate(*query)

        model.add_query = counted


async def log_likelihood(model, params, document):
    from genlm.bytes import ByteBeamState

    beam = await ByteBeamState.initial(model, params)
    try:
        for byte in document:
            beam = await (beam.prune() << byte)
        return beam.logZ
    finally:
        await beam.cleanup()


async def score(model, params, documents, concurrent):
    free = asyncio.Semaphore(concurrent)

    async def one(document):
        async with free:
            return await log_likelihood(model, params, document)

    return await asyncio.gather(*(one(document) for document in documents))


def main():
    args = arguments()
    with open(args.documents, encoding="ascii") as file:
        documents = [bytes.fromhex(line) for line in file.read().split()][: args.count]
    if not documents:
        sys.exit(f"{args.documents} holds no documents")

    import torch
    from genlm.backend import load_model_by_name
    from genlm.bytes import BeamParams

    if args.threads > 0:
        torch.set_num_threads(args.threads)
    model = load_model_by_name(args.model, backend="hf")
    params = BeamParams(K=args.k, prune_threshold=args.prune)
    calls = CountedCalls(model)
    start = time.perf_counter()
    likelihoods = asyncio.run(score(model, params, documents, args.concurrent))
    seconds = time.perf_counter() - start
    total = sum(len(document) for document in documents)
    print(
        json.dumps(
            {
                "documents": len(documents),
                "bytes": total,
                "bytes_per_second": total / seconds,
                "evaluations_per_byte": calls.evaluations / total,
                "nats_per_byte": -sum(likelihoods) / total,
                "log_likelihoods": likelihoods,
                "k": args.k,
                "prune": args.prune,
                "concurrent": args.concurrent,
                "threads": torch.get_num_threads(),
            }
        )
    )


if __name__ == "__main__":
    main()
