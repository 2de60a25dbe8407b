package io.bytelm.beam;

import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import java.util.HexFormat;
import java.util.List;

/** Asks for the masses of hypotheses: along their open bytes, and along the bytes known to come. */
final class Inquiry {
    private static final int[] NO_TOKENS = {};

    private final BeamParams params;
    private final Lookahead known;

    Inquiry(BeamParams params, Lookahead known) {
        this.params = params;
        this.known = known;
    }

    /** Asks without rows, or with the rows from the byte after the next one on if distributions will be wanted. */
    Step<Hypothesis> toAdvance(Hypothesis hypothesis) {
        int next = hypothesis.partial().length + 1;
        return along(
                params, hypothesis, known.after(hypothesis.partial()), known.rows() ? next : ExpandRequest.NO_ROWS);
    }

    /** Asks with the row where the hypothesis stands, and below. */
    Step<Hypothesis> toPredict(Hypothesis hypothesis) {
        return along(params, hypothesis, known.after(hypothesis.partial()), hypothesis.partial().length);
    }

    /** Asks along a path that begins with the hypothesis's open bytes. */
    static Step<Hypothesis> along(BeamParams params, Hypothesis hypothesis, byte[] path, int rowsFrom) {
        EosMode mode = hypothesis.massMode();
        ExpandRequest request = new ExpandRequest(
                hypothesis.context(),
                path,
                mode == EosMode.WITHOUT_EOS ? NO_TOKENS : params.eosTokens(),
                rowsFrom,
                mode == EosMode.GENERATING);
        return Step.ask(List.of(request), answers -> Step.done(withAnswer(hypothesis, path, answers.get(0))));
    }

    private static Hypothesis withAnswer(Hypothesis hypothesis, byte[] path, Expansion answer) {
        if (answer.depth() < hypothesis.partial().length) {
            throw new IllegalArgumentException("no token of this vocabulary begins with the open bytes "
                    + HexFormat.of().formatHex(hypothesis.partial())
                    + " of the beam; resume a session with the model that it was begun with");
        }
        return hypothesis.withMasses(PathMasses.of(path, answer));
    }
}
