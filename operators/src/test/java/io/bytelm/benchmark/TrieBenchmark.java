package io.bytelm.benchmark;

import io.bytelm.trie.SubtreeWeights;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.vocab.Vocabulary;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Sums over the trie of GPT-2's 50,257 tokens. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TrieBenchmark {
    private Vocabulary vocabulary;
    private TokenByteTrie trie;
    private SubtreeWeights weights;
    private double[] sumsOfAllNodes;
    private int belowTheRoot;
    private int widestChild;

    @Setup
    public void read() {
        vocabulary = Gpt2Vocabulary.read();
        trie = new TokenByteTrie(vocabulary);
        weights = new SubtreeWeights(trie, Gpt2Vocabulary.probabilities(vocabulary.size(), 1));
        sumsOfAllNodes = new double[trie.nodeCount()];
        belowTheRoot = trie.find(new byte[] {'t', 'h'});
        widestChild = trie.find(new byte[] {' '});
    }

    /** One full row of masses, {@code [258]}: what comes first after a context. */
    @Benchmark
    public double[] rowOfTheRoot() {
        return weights.childSums(trie.root());
    }

    /** The row of a node below the root. */
    @Benchmark
    public double[] rowBelowTheRoot() {
        return weights.childSums(belowTheRoot);
    }

    /** The row of the one node that two thirds of all tokens lie below; the service sums it once a context. */
    @Benchmark
    public double[] rowOfTheWidestChild() {
        return weights.childSums(widestChild);
    }

    /** The masses of all nodes. */
    @Benchmark
    public double[] allNodes() {
        weights.sumsInto(sumsOfAllNodes);
        return sumsOfAllNodes;
    }

    /** What a model's vocabulary costs once. */
    @Benchmark
    public TokenByteTrie build() {
        return new TokenByteTrie(vocabulary);
    }
}
