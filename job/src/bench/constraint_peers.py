#!/usr/bin/env python3
"""Compiles the schemas of a suite with llguidance or xgrammar, so that their figures can stand beside those of `bytelm constraints`.

    pip install llguidance==1.9.1 xgrammar==0.2.9 tokenizers numpy
    java -jar job/target/bytelm.jar constraints --suite maskbench.jsonl
    python3 job/src/bench/constraint_peers.py --engine llguidance --suite maskbench.jsonl --tokenizer DIR/tokenizer.json

For each valid document the mask of every token is computed, and then the token is consumed: masks are given per token and per
byte of the document, since a byte-level mask is asked for once a byte. `--tokenizer bytes` takes the 256 bytes as tokens. Times are of
the processor. Prints one line of JSON: schemas, compiled, wrong_rejects (valid documents that are refused), wrong_accepts, compile_ms_p50
and p99, mask_us_per_token, mask_ns_per_byte, mask_us_p50 and p999.
"""

import argparse
import json
import sys
import time


def arguments():
    parser = argparse.ArgumentParser(description="Measures another constraint engine on a suite of schemas.")
    parser.add_argument("--engine", choices=["llguidance", "xgrammar"], required=True)
    parser.add_argument("--suite", required=True, help="JSON lines {name, schema, tests: [{data, valid}]}")
    parser.add_argument("--tokenizer", default="bytes", help="a tokenizer.json, or bytes (default)")
    parser.add_argument("--count", type=int, default=None, help="only the first so many schemas")
    return parser.parse_args()


class LlGuidance:
    def __init__(self, tokenizer):
        import llguidance
        import llguidance.numpy

        self.matcher = llguidance.LLMatcher
        self.numpy = llguidance.numpy
        if tokenizer == "bytes":
            self.tokenizer = llguidance.LLTokenizer("byte")
        else:
            with open(tokenizer) as file:
                self.tokenizer = llguidance.LLTokenizer(file.read())
        self.bitmask = self.numpy.allocate_token_bitmask(1, self.tokenizer.vocab_size)

    def compile(self, schema):
        options = {"whitespace_flexible": False, "item_separator": ",", "key_separator": ":"}
        grammar = self.matcher.grammar_from_json_schema(json.dumps(schema), defaults=options)
        matcher = self.matcher(self.tokenizer, grammar, log_level=0)
        if matcher.is_error():
            raise ValueError(matcher.get_error())
        return matcher

    def start(self, compiled):
        return compiled.deep_copy()

    def tokens(self, text):
        return self.tokenizer.tokenize_bytes(text.encode())

    def mask(self, matcher):
        self.numpy.fill_next_token_bitmask(matcher, self.bitmask)

    def consume(self, matcher, token):
        return matcher.consume_token(token)

    def accepts(self, matcher):
        return matcher.is_accepting()


class XGrammar:
    def __init__(self, tokenizer):
        import tokenizers
        import xgrammar

        self.xgrammar = xgrammar
        if tokenizer == "bytes":
            self.encode = lambda text: list(text.encode())
            vocabulary = [bytes([b]) for b in range(256)] + [b"</s>"]
            info = xgrammar.TokenizerInfo(vocabulary, stop_token_ids=[256])
        else:
            read = tokenizers.Tokenizer.from_file(tokenizer)
            self.encode = lambda text: read.encode(text, add_special_tokens=False).ids
            by_id = sorted(read.get_vocab().items(), key=lambda entry: entry[1])
            info = xgrammar.TokenizerInfo(
                [token for token, _ in by_id], vocab_type=xgrammar.VocabType.BYTE_LEVEL, stop_token_ids=[0]
            )
        self.compiler = xgrammar.GrammarCompiler(info, max_threads=1, cache_enabled=False)
        self.bitmask = xgrammar.allocate_token_bitmask(1, info.vocab_size)

    def compile(self, schema):
        return self.compiler.compile_json_schema(json.dumps(schema), any_whitespace=False, separators=(",", ":"))

    def start(self, compiled):
        return self.xgrammar.GrammarMatcher(compiled, terminate_without_stop_token=False)

    def tokens(self, text):
        return self.encode(text)

    def mask(self, matcher):
        matcher.fill_next_token_bitmask(self.bitmask)

    def consume(self, matcher, token):
        return matcher.accept_token(token)

    def accepts(self, matcher):
        return matcher.is_completed() if hasattr(matcher, "is_completed") else matcher.is_terminated()


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def walk(engine, compiled, text, masks):
    """Whether the document is accepted; adds the nanoseconds of each mask."""
    matcher = engine.start(compiled)
    for token in engine.tokens(text):
        begin = time.process_time_ns()
        engine.mask(matcher)
        masks.append(time.process_time_ns() - begin)
        if not engine.consume(matcher, token):
            return False
    return engine.accepts(matcher)


def run(engine, lines):
    report = {"schemas": 0, "compiled": 0, "documents": 0, "wrong_rejects": 0, "wrong_accepts": 0}
    compile_ns, masks, measured_bytes = [], [], 0
    for line in lines:
        entry = json.loads(line)
        report["schemas"] += 1
        begin = time.process_time_ns()
        try:
            compiled = engine.compile(entry["schema"])
            report["compiled"] += 1
        except Exception:  # each engine has its own kinds of refusals
            continue
        finally:
            compile_ns.append(time.process_time_ns() - begin)
        for test in entry["tests"]:
            text = json.dumps(test["data"], separators=(",", ":"), ensure_ascii=False)
            report["documents"] += 1
            accepted = walk(engine, compiled, text, masks if test["valid"] else [])
            measured_bytes += len(text.encode()) if test["valid"] else 0
            report["wrong_rejects"] += test["valid"] and not accepted
            report["wrong_accepts"] += accepted and not test["valid"]
    report["compile_ms_p50"] = quantile(compile_ns, 0.5) / 1e6
    report["compile_ms_p99"] = quantile(compile_ns, 0.99) / 1e6
    report["mask_us_per_token"] = sum(masks) / max(1, len(masks)) / 1e3
    report["mask_ns_per_byte"] = sum(masks) / max(1, measured_bytes)
    report["mask_us_p50"] = quantile(masks, 0.5) / 1e3 if masks else None
    report["mask_us_p999"] = quantile(masks, 0.999) / 1e3 if masks else None
    return report


def main():
    given = arguments()
    engine = {"llguidance": LlGuidance, "xgrammar": XGrammar}[given.engine](given.tokenizer)
    with open(given.suite) as lines:
        suite = [line for line in lines if line.strip()][: given.count]
    print(json.dumps(run(engine, suite)))


if __name__ == "__main__":
    sys.exit(main())
