package io.bytelm.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.StoredType;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.RandomCheckpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Passes of 128 new tokens through two layers, with random weights: of a model with experts, in turns with those of the dense
 * model that has as many parameters as a token uses there.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 10)
@Measurement(iterations = 30)
@Fork(1)
public class ExpertsBenchmark {
    private static final int ROWS = 128;
    private static final int HIDDEN = 1024;
    private static final int HEAD_DIM = 64;
    private static final int KEY_VALUE_HEADS = 4;
    private static final int ACTIVE = 2048;
    private static final int LAYERS = 2;
    private static final int VOCABULARY = 512;
    private static final int PASSES_A_TURN = 5;

    /** How many experts a token uses, of how many. */
    @Param({"2/8", "4/16", "8/64"})
    private String experts = "2/8";

    private Side dense;
    private Side sparse;

    /** Milliseconds a pass of each, and how many times as long as a dense one those with experts take; the summary has the sums over all turns. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Turns {
        public double denseMillis;
        public double expertsMillis;
        public double timesDense;
    }

    @Setup
    public void open() throws IOException {
        dense = new Side(1, 1);
        sparse = new Side(Integer.parseInt(experts.split("/")[0]), Integer.parseInt(experts.split("/")[1]));
    }

    @Benchmark
    public void inTurns(Turns turns) {
        turns.denseMillis = dense.millisAPass();
        turns.expertsMillis = sparse.millisAPass();
        turns.timesDense = turns.expertsMillis / turns.denseMillis;
    }

    @TearDown
    public void close() {
        dense.close();
        sparse.close();
    }

    private static final class Side implements AutoCloseable {
        private final RandomModel stored;
        private final DjlLanguageModel model;
        private int next;

        Side(int chosen, int count) throws IOException {
            RandomCheckpoint checkpoint = new RandomCheckpoint(
                    config(chosen, count), shapes(chosen, count).all());
            stored = RandomModel.write("experts", checkpoint, StoredType.BF16); // as models with experts are published
            model = DjlLanguageModel.open(stored.settings());
        }

        double millisAPass() {
            long nanos = 0;
            for (int pass = 0; pass < PASSES_A_TURN; pass++) {
                List<TokenContext> contexts = nextContexts();
                long startNanos = System.nanoTime();
                model.prefetch(contexts);
                nanos += System.nanoTime() - startNanos;
            }
            return nanos / 1e6 / PASSES_A_TURN;
        }

        /** Each row has a beginning of its own, which is read already. */
        private List<TokenContext> nextContexts() {
            next = (next + 1) % VOCABULARY;
            if (next == 0) {
                model.forgetStates();
            }
            List<TokenContext> contexts = new ArrayList<>();
            for (int row = 0; row < ROWS; row++) {
                contexts.add(TokenContext.of(row, row + 1, row + 2, row + 3));
            }
            model.prefetch(contexts);
            contexts.replaceAll(context -> context.plus(next));
            return contexts;
        }

        @Override
        public void close() {
            model.close();
            stored.close();
        }
    }

    private static ObjectNode config(int chosen, int count) {
        ObjectNode config = new ObjectMapper().createObjectNode();
        config.putArray("architectures").add(count == 1 ? "Qwen3ForCausalLM" : "Qwen3MoeForCausalLM");
        config.put("vocab_size", VOCABULARY).put("hidden_size", HIDDEN).put("num_hidden_layers", LAYERS);
        config.put("num_attention_heads", HIDDEN / HEAD_DIM).put("num_key_value_heads", KEY_VALUE_HEADS);
        config.put("head_dim", HEAD_DIM).put("intermediate_size", ACTIVE).put("max_position_embeddings", 512);
        config.put("tie_word_embeddings", true);
        if (count > 1) {
            config.put("num_experts", count).put("num_experts_per_tok", chosen).put("norm_topk_prob", true);
            config.put("moe_intermediate_size", ACTIVE / chosen);
        }
        return config;
    }

    private static DecoderShapes shapes(int chosen, int count) {
        DecoderShapes shapes = new DecoderShapes(VOCABULARY, HIDDEN);
        for (int layer = 0; layer < LAYERS; layer++) {
            String name = DecoderShapes.layer(layer);
            shapes.addAttention(name, KEY_VALUE_HEADS * HEAD_DIM);
            shapes.add(name + "self_attn.q_norm.weight", HEAD_DIM);
            shapes.add(name + "self_attn.k_norm.weight", HEAD_DIM);
            if (count == 1) {
                shapes.addFeedForward(name + "mlp.", ACTIVE);
            } else {
                shapes.add(name + "mlp.gate.weight", count, HIDDEN);
                IntStream.range(0, count)
                        .forEach(i -> shapes.addFeedForward(name + "mlp.experts." + i + ".", ACTIVE / chosen));
            }
        }
        return shapes;
    }
}
