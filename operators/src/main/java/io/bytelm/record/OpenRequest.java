package io.bytelm.record;

import io.bytelm.beam.BeamParams;
import io.bytelm.candidate.CandidateList;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.dist.Symbols;
import io.bytelm.vocab.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an {@code open} asks for. Its value is empty (all defaults) or a JSON object with any of these fields:
 *
 * <pre>
 *   prompt | prompt_hex           text, or bytes in hex, that the session goes on from; not scored
 *   tokenizations                 "all" or "canonical": over which tokenizations the session sums
 *   defer                         at least 0, less than 1; only with canonical ones
 *   k                             beam width, 1 to 1000; this and what follows down to heal_max_splits only with all
 *   prune_threshold               at least 0, less than 1
 *   heal                          true or false
 *   heal_max_backoff, heal_max_splits   at least 0; null for no limit
 *   eos_tokens | eos_tokens_hex   list of tokens as text, or in hex, each in the vocabulary
 *   emit                          "byte", "chunk" or "end"
 *   top                           how many next symbols to list, 0 to 258, or "all"
 *   on_dead_end                   "stop" or "restart": what becomes of a text that cannot be read on
 *   candidates, end               continuations to weigh right after the prompt, see {@link CandidateFields}
 *   spans, span_space             see {@link ObservingFields}
 * </pre>
 *
 * @param prompt what is read before the first scored byte; not to be changed
 * @param params how all tokenizations are followed
 * @param canonical how the canonical ones alone are; null to follow all of them
 * @param observing what the session says beside its scores
 * @param candidates what is weighed right after the prompt; null if nothing is
 * @param onDeadEnd what becomes of a text that cannot be read on
 */
public record OpenRequest(
        byte[] prompt,
        BeamParams params,
        @Nullable CanonicalParams canonical,
        Emission emission,
        Observing observing,
        @Nullable CandidateList candidates,
        OnDeadEnd onDeadEnd) {
    /** The value is not JSON, not an object, or a field is unknown, of the wrong type or out of range. */
    public static final String MALFORMED = "malformed-open";

    /** An EOS token is not in the model's vocabulary. */
    public static final String UNKNOWN_EOS_TOKEN = "unknown-eos-token";

    /** Wider beams help nobody, and each hypothesis costs memory in every later record. */
    private static final int MAX_WIDTH = 1000;

    private static final String TOKENIZATIONS = "tokenizations";
    private static final String DEFER = "defer";
    private static final String ON_DEAD_END = "on_dead_end";

    /** What means nothing where only canonical tokenizations are followed. */
    private static final List<String> OF_ALL =
            List.of("k", "prune_threshold", "heal", "heal_max_backoff", "heal_max_splits");

    static final Set<String> FIELDS = Set.of(
            TOKENIZATIONS,
            DEFER,
            "prompt",
            "prompt_hex",
            "k",
            "prune_threshold",
            "eos_tokens",
            "eos_tokens_hex",
            "heal",
            "heal_max_backoff",
            "heal_max_splits",
            "emit",
            "top",
            ON_DEAD_END,
            CandidateFields.CANDIDATES,
            CandidateFields.END);

    private static final Set<String> OF_SCORING =
            Stream.concat(FIELDS.stream(), ObservingFields.NAMES.stream()).collect(Collectors.toUnmodifiableSet());

    /** Of a session that follows all tokenizations. */
    public OpenRequest(byte[] prompt, BeamParams params, Emission emission) {
        this(prompt, params, null, emission);
    }

    /** Of a session that says its scores alone. */
    public OpenRequest(byte[] prompt, BeamParams params, @Nullable CanonicalParams canonical, Emission emission) {
        this(prompt, params, canonical, emission, Observing.NOTHING);
    }

    /** Of a session that weighs nothing after its prompt. */
    public OpenRequest(
            byte[] prompt,
            BeamParams params,
            @Nullable CanonicalParams canonical,
            Emission emission,
            Observing observing) {
        this(prompt, params, canonical, emission, observing, OnDeadEnd.STOP);
    }

    /** Of one that does this at a dead end. */
    public OpenRequest(
            byte[] prompt,
            BeamParams params,
            @Nullable CanonicalParams canonical,
            Emission emission,
            Observing observing,
            OnDeadEnd onDeadEnd) {
        this(prompt, params, canonical, emission, observing, null, onDeadEnd);
    }

    /**
     * The same, as the prompt of a session that decodes is read: with nothing deferred, and the names of tokens that end the
     * sequence being tokens in it.
     */
    public OpenRequest ofPrompt() {
        return new OpenRequest(prompt, params, canonical == null ? null : CanonicalParams.exact(), emission);
    }

    /**
     * Reads the value of an {@code open}.
     *
     * @param value null or empty for all defaults
     * @param defaults what is asked for where fields are absent
     * @throws RejectedRecordException if it cannot be read; the message names the field, what was found and what is
     *     allowed
     */
    public static OpenRequest parse(byte @Nullable [] value, OpenRequest defaults, Vocabulary vocabulary)
            throws RejectedRecordException {
        if (value == null || value.length == 0) {
            return defaults;
        }
        return read(OpenFields.parse(value, OF_SCORING), defaults, vocabulary);
    }

    /** Reads these fields among others. */
    static OpenRequest read(OpenFields fields, OpenRequest asked, Vocabulary vocabulary)
            throws RejectedRecordException {
        BeamParams defaults = asked.params();
        Emission emission = asked.emission();
        BeamParams params = new BeamParams(
                fields.wholeNumber("k", 1, MAX_WIDTH, defaults.width()),
                fields.number("prune_threshold", NumberRange.BELOW_ONE, defaults.pruneThreshold()),
                eosTokens(fields, vocabulary, defaults.eosTokens()),
                fields.flag("heal", defaults.heal()),
                fields.limit("heal_max_backoff", defaults.healMaxBackoff()),
                fields.limit("heal_max_splits", defaults.healMaxSplits()));
        Emission wanted = new Emission(when(fields, emission.when()), top(fields, emission.top()));
        byte[] prompt = fields.bytes("prompt", "prompt_hex");
        CanonicalParams canonical = canonical(fields, asked.canonical(), params.eosTokens());
        OnDeadEnd onDeadEnd = OnDeadEnd.values()[
                fields.choice(ON_DEAD_END, OnDeadEnd.labels(), asked.onDeadEnd().ordinal())];
        Observing observing = ObservingFields.read(fields, asked.observing());
        CandidateList candidates = CandidateFields.read(fields);
        if (candidates != null) {
            CandidateFields.requireEndOfOpen(candidates, params.eosTokens());
        }
        return new OpenRequest(
                prompt == null ? asked.prompt() : prompt, params, canonical, wanted, observing, candidates, onDeadEnd);
    }

    private static @Nullable CanonicalParams canonical(
            OpenFields fields, @Nullable CanonicalParams absent, int[] eosTokens) throws RejectedRecordException {
        Tokenizations usual = absent == null ? Tokenizations.ALL : Tokenizations.CANONICAL;
        int choice = fields.choice(TOKENIZATIONS, Tokenizations.labels(), usual.ordinal());
        double defer = fields.number(DEFER, NumberRange.BELOW_ONE, absent == null ? 0 : absent.defer());
        if (Tokenizations.values()[choice] == Tokenizations.ALL) {
            refuse(List.of(DEFER), fields, Tokenizations.ALL, Tokenizations.CANONICAL);
            return null;
        }
        refuse(OF_ALL, fields, Tokenizations.CANONICAL, Tokenizations.ALL);
        return new CanonicalParams(defer, eosTokens);
    }

    private static void refuse(List<String> names, OpenFields fields, Tokenizations chosen, Tokenizations other)
            throws RejectedRecordException {
        for (String name : names) {
            if (fields.has(name)) {
                throw OpenFields.malformed("field \"" + name + "\" means nothing where \"" + TOKENIZATIONS + "\" is \""
                        + chosen.label() + "\"; leave it out, or set \"" + TOKENIZATIONS + "\" to \"" + other.label()
                        + "\"");
            }
        }
    }

    private static int[] eosTokens(OpenFields fields, Vocabulary vocabulary, int[] defaults)
            throws RejectedRecordException {
        List<byte[]> tokens = fields.listOfBytes("eos_tokens", "eos_tokens_hex");
        if (tokens == null) {
            return defaults;
        }
        try {
            return EosTokens.idsOf(tokens, vocabulary);
        } catch (IllegalArgumentException e) {
            throw new RejectedRecordException(
                    UNKNOWN_EOS_TOKEN,
                    "open: EOS token: " + e.getMessage()
                            + "; name tokens as they stand in the vocabulary, with their spaces");
        }
    }

    private static Emission.When when(OpenFields fields, Emission.When absent) throws RejectedRecordException {
        List<String> allowed = Arrays.stream(Emission.When.values())
                .map(when -> when.name().toLowerCase(Locale.ROOT))
                .toList();
        int choice = fields.choice("emit", allowed, absent.ordinal());
        return Emission.When.values()[choice];
    }

    private static int top(OpenFields fields, int absent) throws RejectedRecordException {
        return fields.hasText("top", "all")
                ? Symbols.COUNT
                : fields.wholeNumber("top", 0, Symbols.COUNT, absent, " or \"all\"");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OpenRequest that
                && Arrays.equals(prompt, that.prompt)
                && params.equals(that.params)
                && Objects.equals(canonical, that.canonical)
                && emission.equals(that.emission)
                && observing.equals(that.observing)
                && Objects.equals(candidates, that.candidates)
                && onDeadEnd == that.onDeadEnd;
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(prompt) + params.hashCode();
    }
}
