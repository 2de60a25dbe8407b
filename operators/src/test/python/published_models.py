"""Records what Hugging Face transformers computes for the texts below with a model that lies in a directory.

    python3 published_models.py DIR

Needs torch, transformers 5 and the model's tokenizer. Writes DIR/reference.json: of each text its tokens, and the log-probability
(nats) of each of them but the first, in float32. PublishedModelTest compares.
"""
import json
import pathlib
import sys

import torch
import transformers as hf

TEXTS = [
    "def fibonacci(n):\n    if n < 2:\n        return n\n    return fibonacci(n - 1) + fibonacci(n - 2)\n\n\n"
    "for i in range(10):\n    print(i, fibonacci(i))\n",
    "To Sherlock Holmes she is always the woman. I have seldom heard him mention her under any other name. In his eyes she "
    "eclipses and predominates the whole of her sex.",
    "Größe, naïve café — 東京は日本の首都です。 Привет, мир! 🙂👍 x²+y²=z²",
    " ".join(f"The {i}. sentence of a long text says that {i} is {'even' if i % 2 == 0 else 'odd'}." for i in range(60)),
]


def main():
    directory = pathlib.Path(sys.argv[1])
    model = hf.AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager").eval()
    tokenizer = hf.AutoTokenizer.from_pretrained(directory)
    recordings = []
    for text in TEXTS:
        tokens = tokenizer(text)["input_ids"]
        with torch.no_grad():
            logits = model(torch.tensor([tokens]), use_cache=False).logits[0]
        log_probabilities = torch.log_softmax(logits.double(), -1)
        logp = [log_probabilities[i, token].item() for i, token in enumerate(tokens[1:])]
        recordings.append({"tokens": tokens, "logp": [round(value, 6) for value in logp]})
        print(len(tokens), "tokens,", sum(logp), "nats")
    (directory / "reference.json").write_text(json.dumps(recordings))


if __name__ == "__main__":
    main()
