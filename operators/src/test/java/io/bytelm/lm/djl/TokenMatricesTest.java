package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
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
        float[] rows = written.values(tied ? "model.embed_tokens.weight" : "lm_head.weight", type);

        float[] output = output(order, x, halvesAlone);

        for (int column = 0; column < VOCABULARY; column++) {
            double expected = 0;
            for (int i = 0; i < HIDDEN; i++) {
                expected += (double) rows[order[column] * HIDDEN + i] * x[i];
            }
            assertThat((double) output[column]).as("column %d", column).isCloseTo(expected, Offset.offset(2e-3));
        }
    }

    @Test
    void theEmbeddingHasItsBits() throws IOException {
        float[] expected = written(true, StoredType.BF16).values("model.embed_tokens.weight", StoredType.BF16);

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
            assertThat(scalarType(halved.embedding())).isEqualTo(Precision.BFLOAT16.scalarType());
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

    private long scalarType(NDArray array) {
        String script = "\n  def scalar_type(" + TorchScriptArchive.SELF
                + ", x: Tensor) -> int:\n    return ops.prim.dtype(x)\n";
        try (IValue argument = TorchModule.value(array);
                IValue type = TorchModule.compile(manager, script).run("scalar_type", argument)) {
            return type.toLong();
        }
    }

    private Checkpoint open() {
        return Checkpoint.open(DjlModelSettings.of(directory).model(), ModelConfig.read(directory));
    }

    private RandomCheckpoint written(boolean tied, StoredType type) throws IOException {
        RandomCheckpoint checkpoint = RandomCheckpoint.llama(VOCABULARY, HIDDEN, tied);
        checkpoint.write(directory, type);
        return checkpoint;
    }
}
