package io.bytelm.lm.djl;

import io.bytelm.lm.checkpoint.Attention;
import io.bytelm.lm.checkpoint.Experts;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.Norm;

/**
 * The forward pass in TorchScript. {@code extend} computes new tokens of any number of sequences at once: a flat list of
 * tokens, each with its position and the slot where its keys, values and final state are kept. {@code probabilities} turns
 * final states into next-token probabilities; {@code log_probabilities} reads one of each row. Rows after those of the
 * buckets only fill up the batch. Weights come in as one list, in the order of {@link TransformerWeights}.
 *
 * <p>Shapes: {@code n} tokens in the pass; {@code g} groups in a bucket, see {@link AttentionBucket}, whose {@code trunks} come in one list:
 * for each bucket how many pieces, and then these. {@code SHARERS} query
 * heads share one of {@code KV_HEADS} key-value heads; their rows stand one below the other, so that a key is read once.
 *
 * <p>The projections to queries, keys and values and the last layer of a feed-forward block are sensitive: of all layers they
 * lose most where inputs are rounded, see {@link QuantizedLinear}.
 *
 * <p>What a model does not have is not in its script: the names in capitals are replaced by what its description asks for.
 */
final class TransformerScript {
    private static final String METHODS = """
              def embed(self, tokens: Tensor, positions: Tensor, w: List[Tensor]) -> Tensor:
                return EMBEDDING

              def norm(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
                return NORM

              def linear(self, x: Tensor, w: List[Tensor], at: int, bias: int) -> Tensor:
                return LAYER_LINEAR

              def sensitive_linear(self, x: Tensor, w: List[Tensor], at: int, bias: int) -> Tensor:
                return SENSITIVE_LINEAR

              def output_layer(self, x: Tensor, w: List[Tensor], at: int, bias: int) -> Tensor:
                logits = OUTPUT_LINEAR
                return CAPPED_LOGITS

              def turns(self, positions: Tensor, w: List[Tensor]) -> List[Tensor]:
                turns = annotate(List[Tensor], [])
            TURNS
                return turns

              def rotate(self, x: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
                partners = torch.roll(x, [torch.floordiv(torch.size(x, 2), 2)], [2])
                return torch.addcmul_(x * cosines, partners, sines)

              def query_key_norm(self, projected: Tensor, w: List[Tensor], at: int) -> Tensor:
                return QUERY_KEY_NORM

              def feed_forward(self, x: Tensor, w: List[Tensor], at: int) -> Tensor:
                hidden = self.linear(x, w, at, at + 1)
                return self.sensitive_linear(ACTIVATED, w, at + 2, at + 3)

              def attend(self, queries: Tensor, states: Tensor, padded: List[Tensor], unpadded: List[Tensor],
                         slots: List[Tensor], masks: List[Tensor], trunks: List[int]SINKS_PARAMETER) -> Tensor:
                attended = annotate(List[Tensor], [])
                first = 0
                FIRST_TRUNK
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
                  kv = torch.view(GATHERED_STATES, [2, KV_HEADS, g, -1, HEAD_DIM])
                  k = torch.transpose(torch.select(kv, 0, 0), 0, 1)
                  v = torch.transpose(torch.select(kv, 0, 1), 0, 1)
                  ATTENDED
                  y = torch.permute(torch.reshape(y, [g, KV_HEADS, SHARERS, -1, HEAD_DIM]), [0, 3, 1, 2, 4])
                  y = torch.reshape(y, [-1, HEADS * HEAD_DIM])
                  if ragged:
                    y = torch.index_select(y, 0, unpadded[b])
                  _0 = torch.append(attended, y)
                filling = torch.narrow(queries, 0, first, torch.size(queries, 0) - first)
                _1 = torch.append(attended, torch.reshape(filling, [-1, HEADS * HEAD_DIM]))
                return torch.cat(attended, 0)

              def attention(self, x: Tensor, w: List[Tensor], at: int, turns: List[Tensor], turn: int,
                            new_slots: Tensor, states: Tensor, padded: List[Tensor], unpadded: List[Tensor],
                            slots: List[Tensor], masks: List[Tensor], trunks: List[int]) -> Tensor:
                projected = torch.view(PROJECTED, [-1, ALL_OF_THEM, HEAD_DIM])
                rotated = ROTATED
                new_keys = torch.narrow(rotated, 1, HEADS, KV_HEADS)
                new_values = NEW_VALUES
                new = torch.transpose(torch.cat([new_keys, new_values], 1), 0, 1)
                kept = WRITTEN_STATES
                attended = self.attend(torch.narrow(rotated, 1, 0, HEADS), kept, padded, unpadded, slots, masks, trunksSINKS_ARGUMENT)
                return self.linear(GATED_OUTPUT, w, at + 2, at + 3)

              def masks_for_heads(self, masks: List[Tensor]) -> List[Tensor]:
                repeated = annotate(List[Tensor], [])
                for b in range(torch.len(masks)):
                  g, q, s, = torch.size(masks[b])
                  mask = torch.expand(torch.view(masks[b], [g, 1, 1, q, s]), [g, 1, SHARERS, q, s])
                  _0 = torch.append(repeated, torch.reshape(mask, [g, 1, SHARERS * q, s]))
                return repeated
            EXPERT_METHODS
            MASK_METHODS
              def extend(self, tokens: Tensor, positions: Tensor, new_slots: Tensor, padded: List[Tensor],
                         unpadded: List[Tensor], slots: List[Tensor], masks: List[Tensor], w: List[Tensor],
                         states: List[Tensor], final_states: Tensor, trunks: List[int]) -> Tensor:
                x = self.embed(tokens, positions, w)
                turns = self.turns(positions, w)
            MASKS_BY_HEAD
            LAYER_KINDS
                for layer in range(LAYERS):
                  at = FIRST_LAYER + layer * LAYER_WEIGHTS
            LAYER_KIND
            BLOCK
                return torch.index_copy_(final_states, 0, new_slots, x)

              def probabilities(self, final_states: Tensor, slots: Tensor, w: List[Tensor]) -> Tensor:
                x = self.norm(torch.index_select(final_states, 0, slots), w[FINAL_NORM], w[FINAL_NORM + 1])
                return torch.softmax(self.output_layer(x, w, HEAD, HEAD + 1), -1)

              def log_probabilities(self, final_states: Tensor, slots: Tensor, columns: Tensor,
                                    w: List[Tensor]) -> Tensor:
                x = self.norm(torch.index_select(final_states, 0, slots), w[FINAL_NORM], w[FINAL_NORM + 1])
                logits = self.output_layer(x, w, HEAD, HEAD + 1)
                chosen = torch.squeeze(torch.gather(logits, 1, torch.unsqueeze(columns, 1)), 1)
                return chosen - torch.logsumexp(logits, [1], False)
            """;

    private static final String RMS_NORM =
            "torch.mul_(x * torch.rsqrt(torch.mean(x * x, [-1], True) + EPSILON), weight)";
    private static final String LAYER_NORM = "torch.layer_norm(x, [HIDDEN], weight, bias, EPSILON, False)";

    private TransformerScript() {}

    /**
     * The methods for a model of this shape, whose weights are stored as {@code linear} and {@code precision} say.
     *
     * @param states what keys and values are kept in
     * @param trunks whether attention reads trunks where they are, see {@link TrunkScript#fits}
     */
    static String of(
            ModelConfig config, LinearKernel linear, Precision precision, StatePrecision states, boolean trunks) {
        Attention attention = config.attention();
        Experts experts = config.feedForward().experts();
        return (METHODS
                        + linear.methods(precision)
                        + KeptStates.methods(states)
                        + (trunks ? TrunkScript.of(config, states) : ""))
                .replace(
                        "EXPERT_METHODS",
                        experts == null ? "" : ExpertsScript.of(experts, linear, config.hasBiasedExperts()))
                .replace("EMBEDDING", DescribedTerms.embedding(config))
                .replace("return NORM", "return " + (config.norm().kind() == Norm.Kind.RMS ? RMS_NORM : LAYER_NORM))
                .replace("LAYER_LINEAR", linear.call(precision))
                .replace("SENSITIVE_LINEAR", linear.sensitiveCall(precision))
                .replace("OUTPUT_LINEAR", linear.outputCall(precision))
                .replace("CAPPED_LOGITS", DescribedTerms.capped("logits", config.logitSoftCap()))
                .replace("TURNS", DescribedTerms.turns(config))
                .replace("QUERY_KEY_NORM", DescribedTerms.queryKeyNorm(config))
                .replace("ACTIVATED", DescribedTerms.activated(config))
                .replace("GATHERED_STATES", KeptStates.gathered(states))
                .replace("WRITTEN_STATES", KeptStates.written(states))
                .replace("FIRST_TRUNK", trunks ? TrunkScript.FIRST : "")
                .replace("ATTENDED", trunks ? TrunkScript.attended(config) : "y = " + DescribedTerms.attended(config))
                .replace("SINKS_PARAMETER", SinkScript.parameter(config))
                .replace("SINKS_ARGUMENT", SinkScript.argument(config))
                .replace("ALL_OF_THEM", DescribedTerms.projectedHeads(attention))
                .replace("GATED_OUTPUT", DescribedTerms.gated(attention))
                .replace("PROJECTED", DescribedTerms.projected(attention))
                .replace("ROTATED", DescribedTerms.rotated(attention))
                .replace("NEW_VALUES", DescribedTerms.values(attention))
                .replace(
                        "MASK_METHODS",
                        MaskScript.of(attention)
                                + SinkScript.of(config)
                                + DeltaNetScript.of(config)
                                + XieluScript.of(config))
                .replace("MASKS_BY_HEAD", MaskScript.calls(attention))
                .replace("LAYER_KINDS", DescribedTerms.layerKinds(config))
                .replace("LAYER_KIND", DescribedTerms.layerKind(attention))
                .replace("BLOCK", DescribedTerms.block(config))
                .replace("EMBEDDING_NORM", String.valueOf(TransformerWeights.EMBEDDING_NORM))
                .replace("FINAL_NORM", String.valueOf(TransformerWeights.FINAL_NORM))
                .replace("FIRST_LAYER", String.valueOf(TransformerWeights.FIRST_LAYER))
                .replace("LAYER_WEIGHTS", String.valueOf(TransformerWeights.layerWeights(config)))
                .replace("LAYERS", String.valueOf(config.layers()))
                .replace("SHARERS", String.valueOf(config.heads() / config.keyValueHeads()))
                .replace("KV_HEADS", String.valueOf(config.keyValueHeads()))
                .replace("HEAD_DIM", String.valueOf(config.headDim()))
                .replace("HEADS", String.valueOf(config.heads()))
                .replace("HEAD", String.valueOf(TransformerWeights.HEAD))
                .replace("HIDDEN", String.valueOf(config.hiddenSize()))
                .replace("INNER", DescribedTerms.inner(config))
                .replace("EPSILON", String.valueOf(config.normEpsilon()))
                .replace("STEPS", String.valueOf(TransformerWeights.count(config)))
                .replace("(self,", "(" + TorchScriptArchive.SELF + ",");
    }
}
