package io.bytelm.lm.djl;

import io.bytelm.lm.checkpoint.Architecture;
import io.bytelm.lm.checkpoint.ModelConfig;

/**
 * The forward pass in TorchScript. {@code extend} computes new tokens of any number of sequences at once: a flat list of
 * tokens, each with its position and the slot where its keys, values and final state are kept. {@code probabilities} turns
 * final states into next-token probabilities; {@code log_probabilities} reads one of each row. Rows after those of the
 * buckets only fill up the batch. Weights come in as one list, in the order of {@link TransformerWeights}.
 *
 * <p>Shapes: {@code n} tokens in the pass; {@code g} groups in a bucket, see {@link AttentionBucket}. {@code SHARERS} query
 * heads share one of {@code KV_HEADS} key-value heads; their rows stand one below the other, so that a key is read once.
 */
final class TransformerScript {
    private static final String METHODS = """
              def embed(self, tokens: Tensor, positions: Tensor, w: List[Tensor]) -> Tensor:
                return EMBEDDING

              def norm(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
                return NORM

              def linear(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
                return LINEAR

              def output_layer(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
                return FLOAT32_LINEAR

              def rotate(self, x: Tensor, turns: List[Tensor]) -> Tensor:
                half = torch.floordiv(torch.size(x, 2), 2)
                first = torch.narrow(x, 2, 0, half)
                second = torch.narrow(x, 2, half, half)
                return x * turns[0] + torch.cat([torch.neg(second), first], 2) * turns[1]

              def feed_forward(self, x: Tensor, w: List[Tensor], at: int) -> Tensor:
                hidden = self.linear(x, w[at], w[at + 1])
                return self.linear(ACTIVATION, w[at + 2], w[at + 3])

              def attend(self, queries: Tensor, states: Tensor, padded: List[Tensor], unpadded: List[Tensor],
                         slots: List[Tensor], masks: List[Tensor]) -> Tensor:
                attended = annotate(List[Tensor], [])
                first = 0
                for b in range(torch.len(masks)):
                  g = torch.size(masks[b], 0)
                  ragged = torch.gt(torch.size(padded[b], 0), 0)
                  n = torch.floordiv(torch.size(masks[b], 2), SHARERS) * g
                  if ragged:
                    n = torch.size(unpadded[b], 0)
                  x = torch.narrow(queries, 0, first, n)
                  first = first + n
                  if ragged:
                    x = torch.index_select(x, 0, padded[b])
                  x = torch.permute(torch.reshape(x, [g, -1, KV_HEADS, SHARERS, HEAD_DIM]), [0, 2, 3, 1, 4])
                  x = torch.reshape(x, [g, KV_HEADS, -1, HEAD_DIM])
                  kv = torch.view(torch.index_select(states, 0, slots[b]), [g, -1, 2, KV_HEADS, HEAD_DIM])
                  k = torch.transpose(torch.select(kv, 2, 0), 1, 2)
                  v = torch.transpose(torch.select(kv, 2, 1), 1, 2)
                  y = torch.scaled_dot_product_attention(x, k, v, masks[b])
                  y = torch.permute(torch.reshape(y, [g, KV_HEADS, SHARERS, -1, HEAD_DIM]), [0, 3, 1, 2, 4])
                  y = torch.reshape(y, [-1, HEADS * HEAD_DIM])
                  if ragged:
                    y = torch.index_select(y, 0, unpadded[b])
                  _0 = torch.append(attended, y)
                filling = torch.narrow(queries, 0, first, torch.size(queries, 0) - first)
                _1 = torch.append(attended, torch.reshape(filling, [-1, HEADS * HEAD_DIM]))
                return torch.cat(attended, 0)

              def attention(self, x: Tensor, w: List[Tensor], at: int, turns: List[Tensor], new_slots: Tensor,
                            states: Tensor, padded: List[Tensor], unpadded: List[Tensor], slots: List[Tensor],
                            masks: List[Tensor]) -> Tensor:
                projected = torch.view(self.linear(x, w[at], w[at + 1]), [-1, HEADS + 2 * KV_HEADS, HEAD_DIM])
                rotated = ROTATED
                new_keys = torch.narrow(rotated, 1, HEADS, KV_HEADS)
                new_values = torch.narrow(projected, 1, HEADS + KV_HEADS, KV_HEADS)
                new = torch.reshape(torch.cat([new_keys, new_values], 1), [-1, 2 * KV_HEADS * HEAD_DIM])
                kept = torch.index_copy_(states, 0, new_slots, new)
                attended = self.attend(torch.narrow(rotated, 1, 0, HEADS), kept, padded, unpadded, slots, masks)
                return self.linear(attended, w[at + 2], w[at + 3])

              def masks_for_heads(self, masks: List[Tensor]) -> List[Tensor]:
                repeated = annotate(List[Tensor], [])
                for b in range(torch.len(masks)):
                  g, q, s, = torch.size(masks[b])
                  mask = torch.expand(torch.view(masks[b], [g, 1, 1, q, s]), [g, 1, SHARERS, q, s])
                  _0 = torch.append(repeated, torch.reshape(mask, [g, 1, SHARERS * q, s]))
                return repeated

              def extend(self, tokens: Tensor, positions: Tensor, new_slots: Tensor, padded: List[Tensor],
                         unpadded: List[Tensor], slots: List[Tensor], masks: List[Tensor], w: List[Tensor],
                         states: List[Tensor], final_states: Tensor) -> Tensor:
                x = self.embed(tokens, positions, w)
                turns = TURNS
                masks_by_head = self.masks_for_heads(masks)
                for layer in range(torch.len(states)):
                  at = FIRST_LAYER + layer * LAYER_WEIGHTS
                  x = x + self.attention(self.norm(x, w[at], w[at + 1]), w, at + 2, turns, new_slots, states[layer],
                                         padded, unpadded, slots, masks_by_head)
                  x = x + self.feed_forward(self.norm(x, w[at + 6], w[at + 7]), w, at + 8)
                return torch.index_copy_(final_states, 0, new_slots, x)

              def probabilities(self, final_states: Tensor, slots: Tensor, w: List[Tensor]) -> Tensor:
                x = self.norm(torch.index_select(final_states, 0, slots), w[FINAL_NORM], w[FINAL_NORM + 1])
                return torch.softmax(self.output_layer(x, w[HEAD], w[HEAD + 1]), -1)

              def log_probabilities(self, final_states: Tensor, slots: Tensor, columns: Tensor,
                                    w: List[Tensor]) -> Tensor:
                x = self.norm(torch.index_select(final_states, 0, slots), w[FINAL_NORM], w[FINAL_NORM + 1])
                logits = self.output_layer(x, w[HEAD], w[HEAD + 1])
                chosen = torch.squeeze(torch.gather(logits, 1, torch.unsqueeze(columns, 1)), 1)
                return chosen - torch.logsumexp(logits, [1], False)
            """;

    private static final String RMS_NORM = "x * torch.rsqrt(torch.mean(x * x, [-1], True) + EPSILON) * weight";
    private static final String LAYER_NORM = "torch.layer_norm(x, [HIDDEN], weight, bias, EPSILON, False)";
    private static final String GATED_SILU =
            "torch.silu(torch.narrow(hidden, 1, 0, INNER)) * torch.narrow(hidden, 1, INNER, INNER)";
    private static final String GELU = "torch.gelu(hidden, approximate=\"tanh\")";
    private static final String TURNS = "[torch.unsqueeze(torch.embedding(w[1], positions), 1), "
            + "torch.unsqueeze(torch.embedding(w[2], positions), 1)]";

    private TransformerScript() {}

    /** The methods for a model of this shape, whose weights are stored as {@code linear} and {@code precision} say. */
    static String of(ModelConfig config, LinearKernel linear, Precision precision) {
        boolean gpt2 = config.architecture() == Architecture.GPT2;
        return METHODS.replace(
                        "EMBEDDING",
                        gpt2
                                ? "torch.embedding(w[0], tokens) + torch.embedding(w[1], positions)"
                                : "torch.embedding(w[0], tokens)")
                .replace("return NORM", "return " + (gpt2 ? LAYER_NORM : RMS_NORM))
                .replace("return LINEAR", "return " + linear.expression(precision))
                .replace("return FLOAT32_LINEAR", "return " + linear.expression(Precision.FLOAT32))
                .replace("ACTIVATION", gpt2 ? GELU : GATED_SILU)
                .replace("ROTATED", gpt2 ? "projected" : "self.rotate(projected, turns)")
                .replace("TURNS", gpt2 ? "annotate(List[Tensor], [])" : TURNS)
                .replace("FINAL_NORM", String.valueOf(TransformerWeights.FINAL_NORM))
                .replace("FIRST_LAYER", String.valueOf(TransformerWeights.FIRST_LAYER))
                .replace("LAYER_WEIGHTS", String.valueOf(TransformerWeights.LAYER_WEIGHTS))
                .replace("SHARERS", String.valueOf(config.heads() / config.keyValueHeads()))
                .replace("KV_HEADS", String.valueOf(config.keyValueHeads()))
                .replace("HEAD_DIM", String.valueOf(config.headDim()))
                .replace("HEADS", String.valueOf(config.heads()))
                .replace("HEAD", String.valueOf(TransformerWeights.HEAD))
                .replace("HIDDEN", String.valueOf(config.hiddenSize()))
                .replace("INNER", String.valueOf(config.feedForwardSize()))
                .replace("EPSILON", String.valueOf(config.normEpsilon()))
                .replace("(self,", "(" + TorchScriptArchive.SELF + ",");
    }
}
