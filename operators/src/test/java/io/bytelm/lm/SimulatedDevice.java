package io.bytelm.lm;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A model whose rows stay where they are: in this object, which only gives sums of them and checks what it is asked. */
public final class SimulatedDevice implements LanguageModel {
    private final LanguageModel model;
    private int capacity;

    public SimulatedDevice(LanguageModel model) {
        this.model = model;
    }

    /** How many places were asked for. */
    public int capacity() {
        return capacity;
    }

    @Override
    public int vocabularySize() {
        return model.vocabularySize();
    }

    @Override
    public float[][] nextTokenProbabilities(List<TokenContext> contexts) {
        throw new AssertionError("a row was to leave the device");
    }

    @Override
    public DeviceRows deviceRows(int asked) {
        capacity = asked;
        return new Rows();
    }

    @Override
    public void close() {
        model.close();
    }

    private final class Rows implements DeviceRows {
        private final float[] @Nullable [] rows = new float[capacity][];

        @Override
        public int capacity() {
            return rows.length;
        }

        @Override
        public void evaluate(List<TokenContext> contexts, int[] places) {
            if (IntStream.of(places).distinct().count() < contexts.size()) {
                throw new AssertionError("a place was given twice");
            }
            for (int place : places) {
                rows[place] = null;
            }
            float[][] evaluated = model.nextTokenProbabilities(contexts);
            for (int i = 0; i < places.length; i++) {
                rows[places[i]] = evaluated[i];
            }
        }

        @Override
        public double[][] sums(List<RowSegments> segments) {
            return segments.stream().map(this::sums).toArray(double[][]::new);
        }

        @Override
        public void close() {
            Arrays.fill(rows, null);
        }

        private double[] sums(RowSegments segments) {
            int[] bounds = segments.bounds();
            float[] row = rows[segments.place()];
            if (row == null || bounds[0] != 0 || bounds[segments.count()] != row.length) {
                throw new AssertionError("not the bounds of a row that is there");
            }
            double[] sums = new double[segments.count()];
            for (int i = 0; i < sums.length; i++) {
                if (bounds[i] > bounds[i + 1]) {
                    throw new AssertionError("bounds do not ascend");
                }
                for (int column = bounds[i]; column < bounds[i + 1]; column++) {
                    sums[i] += row[column];
                }
            }
            return sums;
        }
    }
}
