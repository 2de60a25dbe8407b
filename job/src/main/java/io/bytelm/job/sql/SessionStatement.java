package io.bytelm.job.sql;

import io.bytelm.job.JobModel;
import io.bytelm.job.KnownModel;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.Tokenizations;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.session.AllSessions;
import io.bytelm.session.SessionOperatorFactory;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.catalog.ObjectIdentifier;

/**
 * A table of sessions whose options were read and whose model was looked at.
 *
 * @param table its whole name
 * @param known the model as it was found
 */
record SessionStatement(ObjectIdentifier table, GivenOptions given, JobModel model, KnownModel known) {
    static Set<ConfigOption<?>> optionalOptions() {
        Set<ConfigOption<?>> all = new HashSet<>(TaskOptions.union(ModelOptions.all(), ServiceEndpointOptions.ALL));
        all.addAll(TaskOptions.union(SessionOptions.ALL, SessionOperatorOptions.ALL));
        return Set.copyOf(all);
    }

    /** @throws org.apache.flink.table.api.ValidationException if an option or the model is refused */
    static SessionStatement of(ObjectIdentifier table, Map<String, String> options) {
        GivenOptions given = new GivenOptions(options);
        given.requireReadable(optionalOptions());
        SessionDefaults defaults = SessionOptions.read(given);
        SessionOperatorOptions.read(given);
        SessionOptions.modelChange(given);
        JobModel model = ModelOptions.read(given);
        KnownModel known = ModelOptions.look(given, model);
        requireOffered(defaults, model, known);
        return new SessionStatement(table, given, model, known);
    }

    private static void requireOffered(SessionDefaults defaults, JobModel model, KnownModel known) {
        try {
            defaults.beamParams(known.vocabulary());
        } catch (IllegalArgumentException e) {
            throw GivenOptions.refused(BeamOptions.EOS, "is refused: " + e.getMessage());
        }
        if (defaults.tokenizations() == Tokenizations.CANONICAL) {
            try {
                model.canonicalRules();
            } catch (NoCanonicalTokenizationsException e) {
                throw GivenOptions.refused(TokenizationOptions.TOKENIZATIONS, "= 'canonical': " + e.getMessage());
            }
        }
    }

    /** What makes the operator that holds the sessions. */
    TableSessions operator() {
        var settings = SessionOperatorOptions.read(given);
        return new TableSessions(
                table,
                new SessionOperatorFactory<SessionState>(
                        model.onCluster(known),
                        new AllSessions(SessionOptions.read(given)),
                        ImmutableTypeInfo.SESSION_STATE,
                        settings,
                        SessionOptions.modelChange(given)),
                model.memoryNeed(settings.maxHeldBytes()));
    }
}
