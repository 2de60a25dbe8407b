package io.bytelm.lm.djl;

import io.bytelm.lm.checkpoint.Routing;

/**
 * What {@link Routing} puts into the gaps of {@link ExpertsScript}: from a router's {@code results}, {@code [n, EXPERTS]}, the
 * {@code chosen} experts and their {@code weights}, {@code [n, CHOSEN]}. Names in capitals are that script's other gaps.
 */
final class RoutingScript {
    private static final String GREATEST = """
                weights, chosen, = torch.topk(SCORES, CHOSEN, -1, True, True)
            """;

    private static final String CORRECTED = """
                scores = SCORES
                preferences = scores + w[at + 1]
            IN_GROUPS
                _c, chosen, = torch.topk(preferences, CHOSEN, -1, True, True)
                weights = torch.gather(scores, 1, chosen)
            """;

    private static final String IN_GROUPS = """
                by_group = torch.view(preferences, [-1, GROUPS, torch.floordiv(EXPERTS, GROUPS)])
                best, _g, = torch.topk(by_group, 2, -1, True, True)
                _h, kept, = torch.topk(torch.sum(best, [-1], False), KEPT_GROUPS, -1, True, True)
                closed = torch.scatter(torch.ones_like(torch.select(best, 2, 0)), 1, kept, 0.)
                barred = torch.gt(torch.expand_as(torch.unsqueeze(closed, 2), by_group), 0.5)
                preferences = torch.view(torch.masked_fill(by_group, barred, LEAST), [-1, EXPERTS])
            """;

    private static final String MIXED = """
                best, first, = torch.max(results, -1, True)
                far = torch.gt((best - results) / torch.maximum(torch.abs(results), best), FAR)
                first_weight = torch.gather(torch.softmax(torch.masked_fill(results, far, LEAST), -1), 1, first)
                left = torch.scatter(results, 1, first, LEAST)
                best, second, = torch.max(left, -1, True)
                far = torch.gt((best - results) / torch.maximum(torch.abs(results), best), FAR)
                second_weight = torch.gather(torch.softmax(torch.masked_fill(left, far, LEAST), -1), 1, second)
                weights = torch.cat([first_weight, second_weight], 1)
                chosen = torch.cat([first, second], 1)
            """;

    /** Less than any score, where infinity might become no number. */
    private static final String LEAST = "-3.0e38";

    private RoutingScript() {}

    /** Lines that make {@code chosen} and {@code weights}. */
    static String choice(Routing routing) {
        String lines = routing.scores() == Routing.Scores.MIXED ? MIXED : routing.corrected() ? CORRECTED : GREATEST;
        return lines.replace("IN_GROUPS", routing.groups() > 1 ? IN_GROUPS.stripTrailing() : "")
                .replace("SCORES", scores(routing.scores()))
                .replace("KEPT_GROUPS", String.valueOf(routing.chosenGroups()))
                .replace("GROUPS", String.valueOf(routing.groups()))
                .replace("FAR", String.valueOf(2 * routing.jitter()))
                .replace("LEAST", LEAST)
                .stripTrailing();
    }

    private static String scores(Routing.Scores scores) {
        return scores == Routing.Scores.SIGMOID ? "torch.sigmoid(results)" : "torch.softmax(results, -1)";
    }

    /** The weights as experts' outputs are multiplied by them. */
    static String weights(Routing routing) {
        String sum = "torch.sum(weights, [-1], True)";
        String divisor = routing.leastSum() == 0 ? sum : "torch.clamp(" + sum + ", " + routing.leastSum() + ")";
        String weights = routing.normalized() ? "weights / " + divisor : "weights";
        return routing.factor() == 1 ? weights : "(" + weights + ") * " + routing.factor();
    }
}
