"""Token-level scoring beside what else scores tokens: ByteLM in each precision, PyTorch, llama.cpp, in turns.

All score the same documents, with the machine for themselves: the log-probability of each document's own tokens, in bytes of
text per second. Of llama.cpp and ByteLM's lone session it also prints contexts per second one after the other, which is what
bounds decoding.

    python3 -m venv venv && venv/bin/pip install torch==2.15.0 transformers==5.24.0 llama-cpp-python==0.3.36
    venv/bin/python job/src/bench/token_level_peers.py --in FILE --model DIR [--gguf FILE.gguf ...] [--rounds 2]

--model is a Hugging Face directory, --gguf the same weights as llama.cpp reads them. Needs a built job/target/bytelm.jar.
"""

import argparse
import gc
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

JAR = Path(__file__).resolve().parents[2] / "target" / "bytelm.jar"
PRECISIONS = ("float32", "bfloat16", "int8")
BATCHES = (8, 16)


def bytelm(arguments, precision, documents):
    """Bytes per second at the token level, and evaluations per second of a lone session."""
    command = ["java", "-jar", str(JAR), "bench", "--json", "--in", arguments.file, "--model", arguments.model,
               "--precision", precision, "--documents", str(arguments.documents), "--document-bytes",
               str(arguments.document_bytes), "--seconds", str(arguments.seconds), "--prune", "0.05", "--sessions", "1",
               "--write-documents", str(documents)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    report = json.loads(done.stdout.strip().splitlines()[-1])
    return report["token_level_bytes_per_second"], report["streaming_evaluations_per_second"]["1"]


def pytorch(arguments, dtype_name, batch, texts):
    """Bytes per second of transformers' own forward pass with PyTorch's attention, documents of like length together."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    model = AutoModelForCausalLM.from_pretrained(
        arguments.model, dtype=getattr(torch, dtype_name), attn_implementation="sdpa").eval()
    documents = sorted(((tokenizer(text)["input_ids"], len(text.encode())) for text in texts), key=lambda d: len(d[0]))
    groups = [documents[at:at + batch] for at in range(0, len(documents), batch)]
    with torch.inference_mode():
        log_probabilities(torch, model, groups[0])  # what is set up once does not count
        begun = time.perf_counter()
        scored = 0
        for group in groups:
            log_probabilities(torch, model, group)
            scored += sum(length for _, length in group)
            if time.perf_counter() - begun > arguments.seconds:
                break
        speed = scored / (time.perf_counter() - begun)
    del model
    gc.collect()
    return speed


def log_probabilities(torch, model, group):
    longest = max(len(ids) for ids, _ in group)
    ids = torch.zeros((len(group), longest), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, (tokens, _) in enumerate(group):
        ids[row, :len(tokens)] = torch.tensor(tokens)
        mask[row, :len(tokens)] = 1
    logits = model(ids, attention_mask=mask).logits[:, :-1].float()
    own = torch.gather(torch.log_softmax(logits, -1), 2, ids[:, 1:, None]).squeeze(-1)
    return (own * mask[:, 1:]).sum(1).tolist()


def llama_cpp(arguments, gguf, texts):
    """Bytes per second of documents with the logits of all their tokens, and tokens per second decoded one by one."""
    import llama_cpp
    import numpy as np

    model = llama_cpp.Llama(model_path=gguf, n_ctx=2048, logits_all=True, n_threads=arguments.threads,
                            n_threads_batch=arguments.threads, verbose=False)
    llama_log_probability(np, model, texts[0])  # what is set up once does not count
    begun = time.perf_counter()
    scored = 0
    for text in texts:
        llama_log_probability(np, model, text)
        scored += len(text.encode())
        if time.perf_counter() - begun > arguments.seconds:
            break
    speed = scored / (time.perf_counter() - begun)
    decoded = decoding(model, arguments.seconds)
    del model
    gc.collect()
    return speed, decoded


def llama_log_probability(np, model, text):
    tokens = model.tokenize(text.encode(), add_bos=False)
    model.reset()
    model.eval(tokens)
    logits = model.scores[:len(tokens) - 1]
    top = logits.max(-1)
    own = logits[np.arange(len(tokens) - 1), tokens[1:]] - top - np.log(np.exp(logits - top[:, None]).sum(-1))
    return float(own.sum())


def decoding(model, for_seconds):
    model.reset()
    model.eval([1])
    begun = time.perf_counter()
    tokens = 0
    while time.perf_counter() - begun < for_seconds and tokens < 400:
        model.eval([(tokens * 7919) % 1000 + 20])
        tokens += 1
    return tokens / (time.perf_counter() - begun)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--in", dest="file", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--gguf", action="append", default=[])
    parser.add_argument("--documents", type=int, default=64)
    parser.add_argument("--document-bytes", type=int, default=1024)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    measured = {}

    def note(name, speed, one_by_one=None):
        measured.setdefault(name, []).append((speed, one_by_one))
        print(f"... {name}: {speed:.4g} bytes/s", flush=True)

    for _ in range(arguments.rounds):
        with tempfile.TemporaryDirectory() as folder:
            documents = Path(folder) / "documents.hex"
            for precision in PRECISIONS:
                note(f"ByteLM, {precision}", *bytelm(arguments, precision, documents))
            texts = [bytes.fromhex(line).decode(errors="ignore") for line in documents.read_text().split()]
        for dtype_name in ("float32", "bfloat16"):
            for batch in BATCHES:
                note(f"PyTorch, {dtype_name}, {batch} at once", pytorch(arguments, dtype_name, batch, texts))
        for gguf in arguments.gguf:
            note(f"llama.cpp, {Path(gguf).stem}", *llama_cpp(arguments, gguf, texts))
    print(f"{'':<34}{'bytes/s':>9}{'one by one/s':>14}")
    for name, runs in measured.items():
        speed = statistics.median(run[0] for run in runs)
        one_by_one = [run[1] for run in runs if run[1] is not None]
        print(f"{name:<34}{speed:>9.4g}{statistics.median(one_by_one) if one_by_one else float('nan'):>14.4g}")


if __name__ == "__main__":
    main()
