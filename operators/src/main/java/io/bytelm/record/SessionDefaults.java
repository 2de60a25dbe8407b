package io.bytelm.record;

import io.bytelm.beam.BeamParams;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.vocab.Vocabulary;
import java.io.Serializable;
import java.util.HexFormat;
import java.util.List;

/**
 * How the job scores a session that does not say otherwise in its {@code open}. Travels with the job.
 *
 * @param width K, the most hypotheses that a beam keeps
 * @param pruneThreshold hypotheses with less than this share of the beam's probability are dropped; 0 keeps all
 * @param eosTokensHex the bytes, in hex, of the tokens that end a sequence; every token of just these bytes does. None
 *     for scores as the reference's; generated text then ends with the model's own, {@link #decodingParams}
 * @param heal whether to look for another tokenization when a beam runs dry
 * @param healMaxBackoff the most bytes that healing takes back, {@link BeamParams#UNLIMITED} for any number
 * @param healMaxSplits the most extra tokens that healing closes, {@link BeamParams#UNLIMITED} for any number
 * @param emission what is emitted, and when
 * @param maxChunkBytes the largest value of an input record; a session cannot change it
 * @param dummyPrefix whether sessions of a SentencePiece vocabulary begin after the space that its tokenizer puts before
 *     the first word, as the model saw texts in training; false matches the reference. A session cannot change it
 * @param limits what the {@code open} of a session may not go beyond
 * @param tokenizations over which tokenizations a session sums
 * @param defer with canonical ones: a context with at most this share of the probability is not evaluated while that
 *     holds; else 0
 * @param observing what sessions say beside their scores
 * @param onDeadEnd what becomes of a text that cannot be read on; one that is decoded ends
 */
public record SessionDefaults(
        int width,
        double pruneThreshold,
        List<String> eosTokensHex,
        boolean heal,
        int healMaxBackoff,
        int healMaxSplits,
        Emission emission,
        int maxChunkBytes,
        boolean dummyPrefix,
        SessionLimits limits,
        Tokenizations tokenizations,
        double defer,
        Observing observing,
        OnDeadEnd onDeadEnd)
        implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int ONE_MEBIBYTE = 1 << 20;

    /**
     * K 5, threshold 0.001, no EOS tokens, healing without limits, the 5 most probable symbols after every chunk, chunks
     * of up to 1 MiB, with the dummy prefix.
     */
    public static final SessionDefaults STANDARD = new SessionDefaults(
            5,
            0.001,
            List.of(),
            true,
            BeamParams.UNLIMITED,
            BeamParams.UNLIMITED,
            new Emission(Emission.When.CHUNK, 5),
            ONE_MEBIBYTE,
            true);

    /** Over all tokenizations, with {@link SessionLimits#STANDARD}, or such that this width is within them. */
    public SessionDefaults(
            int width,
            double pruneThreshold,
            List<String> eosTokensHex,
            boolean heal,
            int healMaxBackoff,
            int healMaxSplits,
            Emission emission,
            int maxChunkBytes,
            boolean dummyPrefix) {
        this(
                width,
                pruneThreshold,
                eosTokensHex,
                heal,
                healMaxBackoff,
                healMaxSplits,
                emission,
                maxChunkBytes,
                dummyPrefix,
                SessionLimits.STANDARD.allowing(width),
                Tokenizations.ALL,
                0,
                Observing.NOTHING,
                OnDeadEnd.STOP);
    }

    /**
     * The same defaults with other limits.
     *
     * @throws IllegalArgumentException if the default width is not within them
     */
    public SessionDefaults withLimits(SessionLimits other) {
        return new SessionDefaults(
                width,
                pruneThreshold,
                eosTokensHex,
                heal,
                healMaxBackoff,
                healMaxSplits,
                emission,
                maxChunkBytes,
                dummyPrefix,
                other,
                tokenizations,
                defer,
                observing,
                onDeadEnd);
    }

    /**
     * The same defaults for sessions that sum over these tokenizations.
     *
     * @param newDefer as {@link #defer}
     * @throws IllegalArgumentException if it is not at least 0 and less than 1, or not 0 with all tokenizations
     */
    public SessionDefaults withTokenizations(Tokenizations newTokenizations, double newDefer) {
        return new SessionDefaults(
                width,
                pruneThreshold,
                eosTokensHex,
                heal,
                healMaxBackoff,
                healMaxSplits,
                emission,
                maxChunkBytes,
                dummyPrefix,
                limits,
                newTokenizations,
                newDefer,
                observing,
                onDeadEnd);
    }

    /** The same defaults for sessions that do this at a dead end. */
    public SessionDefaults withOnDeadEnd(OnDeadEnd other) {
        return new SessionDefaults(
                width,
                pruneThreshold,
                eosTokensHex,
                heal,
                healMaxBackoff,
                healMaxSplits,
                emission,
                maxChunkBytes,
                dummyPrefix,
                limits,
                tokenizations,
                defer,
                observing,
                other);
    }

    /** The same defaults for sessions that say this beside their scores. */
    public SessionDefaults withObserving(Observing newObserving) {
        return new SessionDefaults(
                width,
                pruneThreshold,
                eosTokensHex,
                heal,
                healMaxBackoff,
                healMaxSplits,
                emission,
                maxChunkBytes,
                dummyPrefix,
                limits,
                tokenizations,
                defer,
                newObserving,
                onDeadEnd);
    }

    /** @throws IllegalArgumentException if a value is out of its range; the message names it */
    public SessionDefaults {
        new BeamParams(width, pruneThreshold, new int[0], heal, healMaxBackoff, healMaxSplits);
        new CanonicalParams(defer, new int[0]);
        if (defer > 0 && tokenizations == Tokenizations.ALL) {
            throw new IllegalArgumentException(
                    "nothing is deferred where all tokenizations are followed, got " + defer);
        }
        if (maxChunkBytes < 1) {
            throw new IllegalArgumentException("the largest chunk must be at least 1 byte, got " + maxChunkBytes);
        }
        if (width > limits.maxWidth() || width > limits.maxRequestsPerRound()) {
            throw new IllegalArgumentException(
                    "the default beam width K " + width + " is more than a session may have: " + limits.maxWidth()
                            + ", and " + limits.maxRequestsPerRound() + " requests a round");
        }
        eosTokensHex = List.copyOf(eosTokensHex);
        eosTokensHex.forEach(SessionDefaults::unhex);
    }

    /**
     * The beam's settings on a vocabulary.
     *
     * @throws IllegalArgumentException if an EOS token is not in the vocabulary; the message names it
     */
    public BeamParams beamParams(Vocabulary vocabulary) {
        List<byte[]> eosTokens =
                eosTokensHex.stream().map(SessionDefaults::unhex).toList();
        int[] ids = EosTokens.idsOf(eosTokens, vocabulary);
        return new BeamParams(width, pruneThreshold, ids, heal, healMaxBackoff, healMaxSplits);
    }

    /**
     * What an {@code open} without a value asks for.
     *
     * @throws IllegalArgumentException as {@link #beamParams}
     */
    public OpenRequest openRequest(Vocabulary vocabulary) {
        return requestOf(beamParams(vocabulary), onDeadEnd);
    }

    /**
     * What an {@code open} of a session that decodes asks for where it says nothing.
     *
     * @throws IllegalArgumentException as {@link #beamParams}
     */
    public OpenRequest decodeRequest(Vocabulary vocabulary) {
        return requestOf(decodingParams(vocabulary), OnDeadEnd.STOP);
    }

    private OpenRequest requestOf(BeamParams beam, OnDeadEnd atDeadEnds) {
        CanonicalParams canonical =
                tokenizations == Tokenizations.ALL ? null : new CanonicalParams(defer, beam.eosTokens());
        return new OpenRequest(new byte[0], beam, canonical, emission, observing, atDeadEnds);
    }

    /**
     * The beam's settings of a session that decodes: where the job names no EOS token, the model's own end the text.
     *
     * @throws IllegalArgumentException as {@link #beamParams}
     */
    public BeamParams decodingParams(Vocabulary vocabulary) {
        if (!eosTokensHex.isEmpty()) {
            return beamParams(vocabulary);
        }
        int[] ids = vocabulary.eosTokens().stream().mapToInt(id -> id).toArray();
        return new BeamParams(width, pruneThreshold, ids, heal, healMaxBackoff, healMaxSplits);
    }

    private static byte[] unhex(String token) {
        try {
            return HexFormat.of().parseHex(token);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("EOS token \"" + token + "\" is not bytes in hex, two digits each", e);
        }
    }
}
