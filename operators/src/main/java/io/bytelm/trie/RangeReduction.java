package io.bytelm.trie;

/** What is made of the non-negative weights of a range of positions, in double; nothing makes 0. */
enum RangeReduction {
    SUM {
        @Override
        double over(float[] columns, int from, int to) {
            // Four chains of additions: one alone would wait for each addition to finish.
            double a = 0;
            double b = 0;
            double c = 0;
            double d = 0;
            int i = from;
            for (; i + 3 < to; i += 4) {
                a += columns[i];
                b += columns[i + 1];
                c += columns[i + 2];
                d += columns[i + 3];
            }
            for (; i < to; i++) {
                a += columns[i];
            }
            return (a + b) + (c + d);
        }

        @Override
        double of(double a, double b) {
            return a + b;
        }
    },

    MAX {
        @Override
        double over(float[] columns, int from, int to) {
            float max = 0;
            for (int i = from; i < to; i++) {
                max = Math.max(max, columns[i]);
            }
            return max;
        }

        @Override
        double of(double a, double b) {
            return Math.max(a, b);
        }
    };

    abstract double over(float[] columns, int from, int to);

    abstract double of(double a, double b);
}
