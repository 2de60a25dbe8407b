package io.bytelm.job.sql;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.bytelm.dist.Symbols;
import io.bytelm.record.Emission;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionLimits;
import io.bytelm.record.Tokenizations;
import io.bytelm.session.ModelChange;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;

/** How a session is scored that does not say otherwise in its {@code open}, and what that may ask for. */
final class SessionOptions {
    private static final String ALL_SYMBOLS = "all";

    private static final ConfigOption<String> EMIT = key("emit")
            .stringType()
            .defaultValue("chunk")
            .withDescription("A row after every byte, after every chunk, or once at the end: byte, chunk or end.");

    private static final ConfigOption<String> TOP = key("top")
            .stringType()
            .defaultValue(Integer.toString(SessionDefaults.STANDARD.emission().top()))
            .withDescription("How many of the most probable next symbols are listed: 0 to 258, or all.");

    private static final ConfigOption<Integer> MAX_CHUNK_BYTES = key("max-chunk-bytes")
            .intType()
            .defaultValue(SessionDefaults.STANDARD.maxChunkBytes())
            .withDescription("The longest content of a row; a row with a longer one is rejected.");

    private static final ConfigOption<Integer> MAX_K = key("max-k")
            .intType()
            .defaultValue(SessionLimits.STANDARD.maxWidth())
            .withDescription("The widest beam that a session may open.");

    private static final ConfigOption<Integer> MAX_PARTICLES = key("max-particles")
            .intType()
            .defaultValue(SessionLimits.STANDARD.maxParticles())
            .withDescription("The most particles that a session may open.");

    private static final ConfigOption<Integer> MAX_REQUESTS_PER_ROUND = key("max-requests-per-round")
            .intType()
            .defaultValue(SessionLimits.STANDARD.maxRequestsPerRound())
            .withDescription("The most that its beam width times its particles may be.");

    private static final ConfigOption<Boolean> ALLOW_MODEL_CHANGE = key("allow-model-change")
            .booleanType()
            .defaultValue(false)
            .withDescription("Whether restored sessions begin anew where they were read with another model; else the"
                    + " job ends.");

    static final Set<ConfigOption<?>> ALL = all();

    private SessionOptions() {}

    private static Set<ConfigOption<?>> all() {
        Set<ConfigOption<?>> all = new HashSet<>(TaskOptions.union(BeamOptions.OF_SESSIONS, TokenizationOptions.ALL));
        all.addAll(ObservingOptions.ALL);
        all.addAll(
                Set.of(EMIT, TOP, MAX_CHUNK_BYTES, MAX_K, MAX_PARTICLES, MAX_REQUESTS_PER_ROUND, ALLOW_MODEL_CHANGE));
        return Set.copyOf(all);
    }

    /** @throws org.apache.flink.table.api.ValidationException if a value is out of its range, or two do not go together */
    static SessionDefaults read(GivenOptions given) {
        SessionDefaults beam = BeamOptions.read(given, SessionDefaults.STANDARD.pruneThreshold());
        SessionDefaults defaults = new SessionDefaults(
                beam.width(),
                beam.pruneThreshold(),
                beam.eosTokensHex(),
                beam.heal(),
                beam.healMaxBackoff(),
                beam.healMaxSplits(),
                emission(given),
                given.atLeast(MAX_CHUNK_BYTES, 1),
                beam.dummyPrefix());
        return ObservingOptions.applyTo(withTokenizations(given, withLimits(given, defaults)), given);
    }

    private static Emission emission(GivenOptions given) {
        String top = given.get(TOP);
        Emission.When when = given.choice(EMIT, Emission.When.class);
        if (top.equalsIgnoreCase(ALL_SYMBOLS)) {
            return new Emission(when, Symbols.COUNT);
        }
        if (!top.matches("\\d{1,3}") || Integer.parseInt(top) > Symbols.COUNT) {
            throw GivenOptions.refused(TOP, "is a number from 0 to " + Symbols.COUNT + ", or all, not '" + top + "'");
        }
        return new Emission(when, Integer.parseInt(top));
    }

    private static SessionDefaults withLimits(GivenOptions given, SessionDefaults defaults) {
        SessionLimits limits = new SessionLimits(
                given.atLeast(MAX_K, 1), given.atLeast(MAX_PARTICLES, 1), given.atLeast(MAX_REQUESTS_PER_ROUND, 1));
        try {
            return defaults.withLimits(limits);
        } catch (IllegalArgumentException e) {
            throw GivenOptions.refused(MAX_K, "and 'max-requests-per-round' do not go with 'k': " + e.getMessage());
        }
    }

    private static SessionDefaults withTokenizations(GivenOptions given, SessionDefaults defaults) {
        var canonical = TokenizationOptions.read(given, new int[0], true);
        return canonical == null ? defaults : defaults.withTokenizations(Tokenizations.CANONICAL, canonical.defer());
    }

    static ModelChange modelChange(GivenOptions given) {
        return given.get(ALLOW_MODEL_CHANGE) ? ModelChange.BEGINS_SESSIONS_ANEW : ModelChange.REFUSED;
    }
}
