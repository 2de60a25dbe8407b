package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.bytelm.lm.checkpoint.Checkpoint;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Matrices of several blocks, which several threads read. */
class TensorLoaderTest {
    private static final String MATRIX = "model.embed_tokens.weight";
    private static final int ROWS = 9001;
    private static final int COLUMNS = 64;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void aMatrixOfSeveralBlocksIsWhatTheFileHasBitByBit(StoredType type) throws IOException {
        RandomCheckpoint written = written(type);
        float[] expected = written.values(MATRIX, type);

        assertThat(expected.length).isGreaterThan(2 * RowCopier.BLOCK_FLOATS);
        assertThat(loaded()).isEqualTo(expected);
    }

    @Test
    void aMatrixInFloat16IsRoundedOnlyByItsFile() throws IOException {
        float[] written = written(StoredType.F16).values(MATRIX);

        float[] loaded = loaded();

        float furthest = 0;
        for (int i = 0; i < written.length; i++) {
            furthest = Math.max(furthest, Math.abs(loaded[i] - written[i]));
        }
        assertThat(loaded).hasSameSizeAs(written);
        assertThat(furthest).isLessThan(0x1p-11f).isPositive();
    }

    @Test
    void aMatrixInBfloat16MayStayAsItIs() throws IOException {
        float[] expected = written(StoredType.BF16).values(MATRIX, StoredType.BF16);

        try (Loading loading = new Loading()) {
            NDArray narrow = Objects.requireNonNull(loading.loader.bfloat16Matrix(MATRIX, ROWS, COLUMNS));
            assertThat(loading.loader.isKnownToFitHalf()).isTrue();
            assertThat(loading.loader.widened(narrow).toFloatArray()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16"})
    void aMatrixInAnotherTypeDoesNot(StoredType type) throws IOException {
        written(type);

        try (Loading loading = new Loading()) {
            assertThat(loading.loader.bfloat16Matrix(MATRIX, ROWS, COLUMNS)).isNull();
        }
    }

    private RandomCheckpoint written(StoredType type) throws IOException {
        RandomCheckpoint checkpoint = RandomCheckpoint.llama(ROWS, COLUMNS, true);
        checkpoint.write(directory, type);
        return checkpoint;
    }

    private float[] loaded() {
        try (Loading loading = new Loading()) {
            return loading.loader.matrix(MATRIX, ROWS, COLUMNS).toFloatArray();
        }
    }

    private final class Loading implements AutoCloseable {
        private final Checkpoint checkpoint =
                Checkpoint.open(DjlModelSettings.of(directory).model(), ModelConfig.read(directory));
        private final NDManager manager = TorchRuntime.newManager(Device.cpu());
        private final TensorLoader loader = new TensorLoader(checkpoint, manager, 1);

        @Override
        public void close() {
            loader.close();
            manager.close();
            checkpoint.close();
        }
    }
}
