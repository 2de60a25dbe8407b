package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.checkpoint.Checkpoint;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The embedding stays in bfloat16 where nothing needs it wide, and the output layer is made of it either way. */
class TokenMatricesTest {
    private static final int VOCABULARY = 4999;
    private static final int HIDDEN = 64;
    private static final int BFLOAT16_BITS = 0xFFFF0000;

    private final NDManager manager = TorchRuntime.newManager(TorchRuntime.device("cpu"));

    @TempDir
    Path directory;

    @AfterEach
    void freeArrays() {
        manager.close();
    }

    @ParameterizedTest(name = "tied: {0}, halves alone: {1}, in {2}")
    @CsvSource({"true, true, BF16", "true, false, BF16", "true, true, F32", "false, true, BF16", "false, false, BF16"})
    void theOutputLayerHasTheRowsInTheOrderThatWasAskedFor(boolean tied, boolean halvesAlone, StoredType type)
            throws IOException {
        assumeTrue(LinearProbe.best(Device.cpu(), Precision.FLOAT32) == LinearKernel.HALVED, "no such products here");
        RandomCheckpoint written = written(tied, type);
        int[] order = new Random(4).ints(VOCABULARY, 0, VOCABULARY).toArray();
        float[] x = new float[HIDDEN];
        for (int i = 0; i < HIDDEN; i++) {
            x[i] = (i - 20) / 16f;
        }
        float[][] rows = rows(written.values(tied ? "model.embed_tokens.weight" : "lm_head.weight"), type);

        float[] output = output(order, x, halvesAlone);

        for (int column = 0; column < VOCABULARY; column++) {
            float[] row = rows[order[column]];
            double expected = 0;
            for (int i = 0; i < HIDDEN; i++) {
                expected += (double) row[i] * x[i];
            }
            assertThat((double) output[column]).as("column %d", column).isCloseTo(expected, Offset.offset(2e-3));
        }
    }

    @Test
    void theEmbeddingHasItsBits() throws IOException {
        float[] values = written(true, StoredType.BF16).values("model.embed_tokens.weight");
        float[] expected = flat(rows(values, StoredType.BF16));

        try (Checkpoint checkpoint = open();
                LinearWeights linears = new LinearWeights(manager, LinearKernel.PLAIN, Precision.FLOAT32, false);
                TensorLoader loader = new TensorLoader(checkpoint, manager, 1)) {
            TokenMatrices plain = TokenMatrices.load(ModelConfig.read(directory), loader, linears, null);
            assertThat(plain.embedding().toFloatArray()).isEqualTo(expected);
        }
        assumeTrue(LinearProbe.best(Device.cpu(), Precision.FLOAT32) == LinearKernel.HALVED, "no such products here");
        try (Checkpoint checkpoint = open();
                LinearWeights linears = new LinearWeights(manager, LinearKernel.HALVED, Precision.FLOAT32, false);
                TensorLoader loader = new TensorLoader(checkpoint, manager, 2)) {
            TokenMatrices halved = TokenMatrices.load(ModelConfig.read(directory), loader, linears, null);
            assertThat(loader.widened(halved.embedding()).toFloatArray()).isEqualTo(expected);
        }
    }

    private float[] output(int[] order, float[] x, boolean halvesAlone) {
        try (Checkpoint checkpoint = open();
                LinearWeights linears =
                        new LinearWeights(manager, LinearKernel.HALVED, Precision.FLOAT32, !halvesAlone);
                TensorLoader loader = new TensorLoader(checkpoint, manager, 1 + linears.packedAside())) {
            TokenMatrices matrices = TokenMatrices.load(ModelConfig.read(directory), loader, linears, order);
            List<NDArray> all = List.of(matrices.outputLayer(), manager.zeros(new Shape(VOCABULARY)));
            String method = "\n  def first(self, x: Tensor, w: List[Tensor]) -> Tensor:\n    return "
                    + linears.kernel().outputCall(Precision.FLOAT32) + "\n";
            String script = linears.kernel().methods(Precision.FLOAT32)
                    + method.replace("at, bias", "0, 1").replace("w, at", "w, 0");
            TorchModule module = linears.compile(script.replace("(self,", "(" + TorchScriptArchive.SELF + ","), all);
            try (IValue input = TorchModule.value(manager.create(x, new Shape(1, HIDDEN)));
                    IValue weights = TorchModule.values(all)) {
                return module.call(manager, "first", input, weights).toFloatArray();
            }
        }
    }

    private Checkpoint open() {
        return Checkpoint.open(DjlModelSettings.of(directory).model(), ModelConfig.read(directory));
    }

    private static float[][] rows(float[] values, StoredType type) {
        float[][] rows = new float[VOCABULARY][HIDDEN];
        for (int i = 0; i < values.length; i++) {
            int bits = Float.floatToRawIntBits(values[i]);
            rows[i / HIDDEN][i % HIDDEN] = Float.intBitsToFloat(type == StoredType.BF16 ? bits & BFLOAT16_BITS : bits);
        }
        return rows;
    }

    private static float[] flat(float[][] rows) {
        float[] flat = new float[VOCABULARY * HIDDEN];
        for (int row = 0; row < VOCABULARY; row++) {
            System.arraycopy(rows[row], 0, flat, row * HIDDEN, HIDDEN);
        }
        return flat;
    }

    private RandomCheckpoint written(boolean tied, StoredType type) throws IOException {
        ObjectNode config = new ObjectMapper().createObjectNode();
        config.putArray("architectures").add("LlamaForCausalLM");
        config.put("model_type", "llama").put("vocab_size", VOCABULARY).put("hidden_size", HIDDEN);
        config.put("num_hidden_layers", 1).put("num_attention_heads", 1).put("num_key_value_heads", 1);
        config.put("head_dim", HIDDEN).put("intermediate_size", HIDDEN).put("max_position_embeddings", 32);
        config.put("rms_norm_eps", 1e-5).put("hidden_act", "silu").put("tie_word_embeddings", tied);
        RandomCheckpoint checkpoint = new RandomCheckpoint(config);
        checkpoint.write(directory, type);
        return checkpoint;
    }
}
