package io.bytelm.lm.djl;

import io.bytelm.lm.checkpoint.Attention;
import io.bytelm.lm.checkpoint.FeedForward;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.Norm;
import io.bytelm.lm.checkpoint.QueryKeyNorm;
import io.bytelm.lm.checkpoint.StoredNorm;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * What a model's description puts into the gaps of {@link TransformerScript}, in TorchScript. Names in capitals in it are
 * the script's other gaps.
 */
final class DescribedTerms {
    private DescribedTerms() {}

    static String embedding(ModelConfig config) {
        String tokens = "torch.to(torch.embedding(w[0], tokens), " + Precision.FLOAT32.scalarType()
                + ")"; // it may be in bfloat16
        if (config.embeddingMultiplier() != 1) {
            tokens += " * " + (float) config.embeddingMultiplier();
        }
        if (!config.weights().embeddingNorm().equals(StoredNorm.NONE)) {
            tokens = "self.norm(" + tokens + ", w[EMBEDDING_NORM], w[EMBEDDING_NORM + 1])";
        }
        if (config.weights().positions() == null) {
            return tokens;
        }
        int first = config.weights().firstPosition();
        return tokens + " + torch.embedding(w[1], " + (first == 0 ? "positions" : "positions + " + first) + ")";
    }

    static String capped(String scores, double cap) {
        return cap == Attention.UNCAPPED ? scores : "torch.tanh(" + scores + " / " + cap + ") * " + cap;
    }

    /** Cosines and sines of each rotary embedding, {@code [n, 1, headDim]}. */
    static String turns(ModelConfig config) {
        StringBuilder lines = new StringBuilder();
        int rotaries = config.attention().rotaries().size();
        for (int i = 0; i < rotaries; i++) {
            boolean amplified = config.attention().rotaries().get(i).scaling().amplitude() != 1;
            String amplitude = amplified ? " * torch.narrow(w[2], 0, " + i + ", 1)" : "";
            lines.append("    angles" + i + " = torch.view(torch.to(positions, 6), [-1, 1, 1]) * torch.narrow(w[1], 0, "
                    + i + ", 1)\n");
            lines.append("    _c" + i + " = torch.append(turns, torch.cos(angles" + i + ")" + amplitude + ")\n");
            lines.append("    _s" + i + " = torch.append(turns, torch.sin(angles" + i + ")" + amplitude + ")\n");
        }
        return lines.toString();
    }

    static String queryKeyNorm(ModelConfig config) {
        boolean rms = config.norm().kind() == Norm.Kind.RMS;
        return switch (config.attention().queryKeyNorm()) {
            case NONE -> "projected";
            case PER_HEAD, PER_TURNED_HEAD ->
                normalized("torch.narrow(projected, 1, 0, HEADS + KV_HEADS)", "HEAD_DIM", rms)
                        + " * torch.view(w[at], [HEADS + KV_HEADS, HEAD_DIM])";
            case WHOLE -> {
                String queries = normalized(joined("0, HEADS"), "HEADS * HEAD_DIM", rms) + " * w[at]";
                String keys = normalized(joined("HEADS, KV_HEADS"), "KV_HEADS * HEAD_DIM", rms) + " * w[at + 1]";
                yield "torch.view(torch.cat([" + queries + ", " + keys + "], 1), [-1, HEADS + KV_HEADS, HEAD_DIM])";
            }
        };
    }

    private static String joined(String heads) {
        return "torch.flatten(torch.narrow(projected, 1, " + heads + "), 1)";
    }

    private static String normalized(String x, String width, boolean rms) {
        return rms
                ? x + " * torch.rsqrt(torch.mean(torch.square(" + x + "), [-1], True) + EPSILON)"
                : "torch.layer_norm(" + x + ", [" + width + "], None, None, EPSILON, False)";
    }

    static String activated(ModelConfig config) {
        FeedForward.ClampedGate clamped = config.feedForward().clampedGate();
        if (clamped != null) {
            return activated(clamped);
        }
        String input = config.feedForward().gated() ? "torch.narrow(hidden, 1, 0, INNER)" : "hidden";
        String active = switch (config.feedForward().activation()) {
            case SILU -> "torch.silu(" + input + ")";
            case GELU -> "torch.gelu(" + input + ", approximate=\"none\")";
            case GELU_TANH -> "torch.gelu(" + input + ", approximate=\"tanh\")";
            case RELU -> "torch.relu(" + input + ")";
            case RELU_SQUARED -> "torch.square(torch.relu(" + input + "))";
            case XIELU -> "self.xielu(" + input + ", w[at + " + XieluScript.place(config) + "])";
        };
        return config.feedForward().gated()
                ? "torch.mul_(" + active + ", torch.narrow(hidden, 1, INNER, INNER))"
                : active;
    }

    private static String activated(FeedForward.ClampedGate clamped) {
        String limit = String.valueOf(clamped.limit());
        String gate = "torch.clamp(torch.narrow(hidden, 1, 0, INNER), None, " + limit + ")";
        String up = "torch.clamp(torch.narrow(hidden, 1, INNER, INNER), -" + limit + ", " + limit + ")";
        return "torch.silu(" + gate + " * " + clamped.alpha() + ") * ((" + up + " + 1) / " + clamped.alpha() + ")";
    }

    /** Half the inputs' width where experts and layers without them differ in it. */
    static String inner(ModelConfig config) {
        return config.feedForward().experts() == null
                ? String.valueOf(config.feedForwardSize())
                : "torch.floordiv(torch.size(hidden, 1), 2)";
    }

    static String attended(ModelConfig config) {
        Attention attention = config.attention();
        if (attention.softCap() != Attention.UNCAPPED || config.hasSinks()) {
            String scores = capped(
                            "(torch.matmul(x, torch.transpose(k, 2, 3)) * " + attention.scale() + ")",
                            attention.softCap())
                    + " + masks[b]";
            String shares = config.hasSinks()
                    ? "self.shares_beside_sinks(" + scores + ", sinks)"
                    : "torch.softmax(" + scores + ", -1)";
            return "torch.matmul(" + shares + ", v)";
        }
        return "torch.scaled_dot_product_attention(x, k, v, masks[b], 0., False, scale=" + attention.scale() + ")";
    }

    static String projected(Attention attention) {
        String linear = "self.sensitive_linear(x, w, at, at + 1)";
        return attention.queryKeyNorm() == QueryKeyNorm.NONE ? clipped(linear, attention) : linear;
    }

    /** How many heads are projected to: those that are gates come last. */
    static String projectedHeads(Attention attention) {
        return attention.outputGate() == null ? "HEADS + 2 * KV_HEADS" : "2 * HEADS + 2 * KV_HEADS";
    }

    /** What goes to the last projection. */
    static String gated(Attention attention) {
        String gates = "torch.narrow(projected, 1, HEADS + 2 * KV_HEADS, HEADS)";
        return attention.outputGate() == null
                ? "attended"
                : "attended * torch.sigmoid(torch.reshape(" + gates + ", [-1, HEADS * HEAD_DIM]))";
    }

    /** The new values, after {@link #projected}. */
    static String values(Attention attention) {
        String values = "torch.narrow(projected, 1, HEADS + KV_HEADS, KV_HEADS)";
        return attention.queryKeyNorm() == QueryKeyNorm.NONE ? values : clipped(values, attention);
    }

    private static String clipped(String x, Attention attention) {
        double clip = attention.clip();
        return clip == Attention.UNCAPPED ? x : "torch.clamp(" + x + ", -" + clip + ", " + clip + ")";
    }

    static String rotated(Attention attention) {
        return switch (attention.queryKeyNorm()) {
            case NONE -> turned("projected", attention);
            case PER_HEAD, WHOLE -> turned(clipped(normed("projected"), attention), attention);
            case PER_TURNED_HEAD -> clipped(normed(turned("projected", attention)), attention);
        };
    }

    private static String normed(String heads) {
        return "self.query_key_norm(" + heads + ", w, at + 10)";
    }

    private static String turned(String heads, Attention attention) {
        return attention.rotaries().isEmpty()
                ? heads
                : "self.rotate(" + heads + ", turns[2 * turn], turns[2 * turn + 1])";
    }

    /** What differs from layer to layer, as lists. */
    static String layerKinds(ModelConfig config) {
        Attention attention = config.attention();
        StringBuilder lines = new StringBuilder();
        if (config.feedForward().experts() != null) {
            lines.append("    experts = annotate(List[int], " + ExpertsWeights.places(config) + ")\n");
        }
        if (attention.rotaries().size() > 1) {
            lines.append("    rotaries = annotate(List[int], " + byLayer(attention, Attention.Layer::rotary) + ")\n");
        }
        if (MaskScript.someSlide(attention)) {
            lines.append(
                    "    slides = annotate(List[int], " + byLayer(attention, layer -> layer.slides() ? 1 : 0) + ")\n");
        }
        lines.append(DeltaNetScript.calls(config));
        return lines.toString();
    }

    private static List<Integer> byLayer(Attention attention, ToIntFunction<Attention.Layer> number) {
        return attention.layers().stream().map(number::applyAsInt).collect(Collectors.toList());
    }

    static String layerKind(Attention attention) {
        String turn = attention.rotaries().size() > 1 ? "rotaries[layer]" : "0";
        String lines = "      turn = " + turn + "\n      layer_masks = masks_by_head\n";
        return MaskScript.someSlide(attention)
                ? lines + "      if torch.gt(slides[layer], 0):\n        layer_masks = windowed_by_head\n"
                : lines;
    }

    static String block(ModelConfig config) {
        boolean sparse = config.feedForward().experts() != null;
        boolean mixed = config.attention().deltaNet() != null;
        return switch (config.layout()) {
            case PRE -> added(attention(norm("x", 0), mixed)) + added(feedForward(norm("x", 6), sparse));
            case POST -> added(norm(attention("x", mixed), 0)) + added(norm(feedForward("x", sparse), 6));
            case SANDWICH ->
                added(norm(attention(norm("x", 0), mixed), 14)) + added(norm(feedForward(norm("x", 6), sparse), 16));
            case PARALLEL ->
                "      x = x + " + attention(norm("x", 0), mixed) + " + " + feedForward(norm("x", 6), sparse);
        };
    }

    /** The sum takes the place of what is added: it is read by nobody else. */
    private static String added(String y) {
        return "      x = torch.add_(" + y + ", x)\n";
    }

    private static String norm(String x, int at) {
        return "self.norm(" + x + ", w[at + " + at + "], w[at + " + (at + 1) + "])";
    }

    /** @param mixed whether some layers are delta nets */
    private static String attention(String x, boolean mixed) {
        String states = "turns, turn, new_slots, states[layer], padded, unpadded, slots, layer_masks, trunks";
        return mixed
                ? "self.attention_or_delta_net(" + x + ", w, at + 2, delta_nets[layer], " + states + ", plan)"
                : "self.attention(" + x + ", w, at + 2, " + states + ")";
    }

    private static String feedForward(String x, boolean sparse) {
        return sparse
                ? "self.sparse_feed_forward(" + x + ", w, at + 8, experts[layer])"
                : "self.feed_forward(" + x + ", w, at + 8)";
    }
}
