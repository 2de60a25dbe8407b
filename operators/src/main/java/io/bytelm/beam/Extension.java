package io.bytelm.beam;

import io.bytelm.dist.LogSpace;
import java.util.ArrayList;
import java.util.List;

/**
 * A hypothesis that closed its token.
 *
 * @param parent the index of the hypothesis that it comes from
 * @param hypothesis the new hypothesis, between two tokens
 */
record Extension(int parent, Hypothesis hypothesis) {
    /**
     * Closes the tokens that end where the hypotheses stand and keeps what is worth an evaluation.
     *
     * @param logZ the log mass (nats) of what goes on without closing; that of the extensions themselves is added before
     *     the threshold is applied
     */
    static List<Extension> aboveThreshold(List<Hypothesis> hypotheses, double logZ, BeamParams params, EosMode mode) {
        List<Extension> all = new ArrayList<>();
        double total = logZ;
        for (int parent = 0; parent < hypotheses.size(); parent++) {
            for (Hypothesis extended : hypotheses.get(parent).extend(mode)) {
                total = LogSpace.logAdd(total, extended.logWeight());
                all.add(new Extension(parent, extended));
            }
        }
        double threshold = params.logPruneThreshold();
        double sum = total;
        all.removeIf(e -> !(LogSpace.logDivide(e.hypothesis.logWeight(), sum) > threshold));
        return all;
    }

    static List<Hypothesis> hypothesesOf(List<Extension> extensions) {
        return extensions.stream().map(Extension::hypothesis).toList();
    }

    /** The same extensions with other hypotheses, one for one: those that have been told their masses. */
    static List<Extension> replace(List<Extension> extensions, List<Hypothesis> told) {
        List<Extension> replaced = new ArrayList<>(extensions.size());
        for (int i = 0; i < extensions.size(); i++) {
            replaced.add(new Extension(extensions.get(i).parent(), told.get(i)));
        }
        return replaced;
    }

    boolean isSameAs(Extension other) {
        return parent == other.parent && token() == other.token();
    }

    /** The token that was closed. */
    int token() {
        return hypothesis.context().lastToken();
    }
}
