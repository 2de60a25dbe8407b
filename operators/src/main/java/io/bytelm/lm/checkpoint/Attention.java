package io.bytelm.lm.checkpoint;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What attention computes.
 *
 * @param scale of the products of queries and keys
 * @param softCap {@code c} in {@code c * tanh(score / c)}; {@link #UNCAPPED} for none
 * @param clip queries and keys, after their norm, and values beyond it are cut to it; {@link #UNCAPPED} for none
 * @param window how many tokens a sliding layer sees, the current one included; {@link #UNBOUNDED} where no layer slides
 * @param rotaries the rotary embeddings that layers choose among; none for a model with learned positions
 * @param layers one for each layer
 * @param alibi biases of scores; null for a model without
 * @param outputGate what a layer's output is multiplied by before its last projection; null for a model without
 * @param deltaNet what some layers are instead of attention; null for a model that has attention in all layers
 */
public record Attention(
        double scale,
        double softCap,
        double clip,
        QueryKeyNorm queryKeyNorm,
        int window,
        List<RotaryEmbedding> rotaries,
        List<Layer> layers,
        @Nullable Alibi alibi,
        @Nullable OutputGate outputGate,
        @Nullable DeltaNet deltaNet) {
    /** No limit to a score. */
    public static final double UNCAPPED = 0;

    /** Layers see all tokens. */
    public static final int UNBOUNDED = 0;

    /**
     * One layer's.
     *
     * @param slides whether it sees a window only
     * @param rotary the number of its rotary embedding
     */
    public record Layer(boolean slides, int rotary) {}

    /** Copies the lists. */
    public Attention {
        rotaries = List.copyOf(rotaries);
        layers = List.copyOf(layers);
    }

    /** The usual scale, and all layers see all tokens. */
    static Attention full(Shape shape, List<RotaryEmbedding> rotaries) {
        return new Attention(
                1 / Math.sqrt(shape.headDim()),
                UNCAPPED,
                UNCAPPED,
                QueryKeyNorm.NONE,
                UNBOUNDED,
                rotaries,
                Collections.nCopies(shape.layers(), new Layer(false, 0)),
                null,
                null,
                null);
    }

    /** Whether where a token stands is asked for when another one attends to it. */
    public boolean comparesPositions() {
        return window != UNBOUNDED || alibi != null || deltaNet != null;
    }

    Attention withScale(double newScale) {
        return new Attention(
                newScale, softCap, clip, queryKeyNorm, window, rotaries, layers, alibi, outputGate, deltaNet);
    }

    Attention withSoftCap(double newSoftCap) {
        return new Attention(
                scale, newSoftCap, clip, queryKeyNorm, window, rotaries, layers, alibi, outputGate, deltaNet);
    }

    Attention withClip(double newClip) {
        return new Attention(
                scale, softCap, newClip, queryKeyNorm, window, rotaries, layers, alibi, outputGate, deltaNet);
    }

    Attention withAlibi(Alibi newAlibi) {
        return new Attention(
                scale, softCap, clip, queryKeyNorm, window, rotaries, layers, newAlibi, outputGate, deltaNet);
    }

    Attention withOutputGate(OutputGate newGate) {
        return new Attention(scale, softCap, clip, queryKeyNorm, window, rotaries, layers, alibi, newGate, deltaNet);
    }

    Attention withDeltaNet(DeltaNet newDeltaNet) {
        return new Attention(
                scale, softCap, clip, queryKeyNorm, window, rotaries, layers, alibi, outputGate, newDeltaNet);
    }

    Attention withQueryKeyNorm(QueryKeyNorm newQueryKeyNorm) {
        return new Attention(
                scale, softCap, clip, newQueryKeyNorm, window, rotaries, layers, alibi, outputGate, deltaNet);
    }

    /**
     * Lets some layers see a window only. A window that holds the longest context is none.
     *
     * @param slides for each layer whether it does
     */
    Attention withWindow(int newWindow, List<Boolean> slides, int maxPositions) {
        boolean bounds = newWindow < maxPositions && slides.contains(true);
        List<Layer> changed = IntStream.range(0, layers.size())
                .mapToObj(i -> new Layer(bounds && slides.get(i), layers.get(i).rotary()))
                .toList();
        return new Attention(
                scale,
                softCap,
                clip,
                queryKeyNorm,
                bounds ? newWindow : UNBOUNDED,
                rotaries,
                changed,
                alibi,
                outputGate,
                deltaNet);
    }

    /** @param rotaryOfLayer for each layer the number of its rotary embedding */
    Attention withRotaries(List<RotaryEmbedding> newRotaries, List<Integer> rotaryOfLayer) {
        List<Layer> changed = IntStream.range(0, layers.size())
                .mapToObj(i -> new Layer(layers.get(i).slides(), rotaryOfLayer.get(i)))
                .toList();
        return new Attention(
                scale, softCap, clip, queryKeyNorm, window, newRotaries, changed, alibi, outputGate, deltaNet);
    }
}
