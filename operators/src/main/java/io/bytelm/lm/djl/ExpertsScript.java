package io.bytelm.lm.djl;

import io.bytelm.lm.checkpoint.Experts;

/**
 * What is added to {@link TransformerScript} where layers have experts. A pass sorts the choices of its tokens by expert, so
 * that each expert that was chosen at all computes its rows in one product and no other expert is read. {@code at} is the
 * place of a layer's experts among the weights, as {@link ExpertsWeights} says; 0 for a layer that has none.
 *
 * <p>Shapes: {@code n} tokens in the pass, {@code n * CHOSEN} choices. Where oneDNN computes an expert, which
 * compiles code for each number of rows, its rows are filled up with those before or after them to one of the numbers of {@link
 * BatchSize}; they never need more than the pass has tokens. Outputs are weighted and summed as bags of embeddings are, which
 * copies none of them.
 */
final class ExpertsScript {
    private static final String METHODS = """

              def fitting(self, rows: int) -> int:
                step = 1
                if torch.gt(rows, 8):
                  step = 2
                while torch.gt(rows, 16 * step):
                  step = step * 2
                return torch.floordiv(rows + step - 1, step) * step

              def experts(self, x: Tensor, w: List[Tensor], at: int) -> Tensor:
                results = torch.linear(x, w[at], ROUTER_BIAS)
            CHOICE
                choices = torch.reshape(chosen, [-1])
                _0, order, = torch.sort(choices, 0, False)
                tokens = torch.floor_divide(order, CHOSEN)
                counts = annotate(List[int], torch.bincount(choices, None, EXPERTS).tolist())
                sorted = torch.index_select(x, 0, tokens)
                computed = annotate(List[Tensor], [])
                first = 0
                for expert in range(EXPERTS):
                  count = counts[expert]
                  if torch.gt(count, 0):
                    filled = count
                    if COMPILED:
                      filled = self.fitting(count)
                    begin = ops.prim.min(first, torch.size(order, 0) - filled)
                    own = torch.narrow(sorted, 0, begin, filled)
                    hidden = self.linear(own, w, EXPERT_IN)
                    y = self.sensitive_linear(ACTIVATED, w, EXPERT_OUT)
                    _1 = torch.append(computed, torch.narrow(y, 0, first - begin, count))
                    first = first + count
                places = torch.argsort(order, 0, False)
                starts = torch.arange(0, torch.size(order, 0), CHOSEN, dtype=4, layout=None, device=ops.prim.device(x))
                y, _2, _3, _4, = torch.embedding_bag(torch.cat(computed, 0), places, starts, False, 0, False,
                    torch.reshape(WEIGHTS, [-1]), False)
                return y

              def sparse_feed_forward(self, x: Tensor, w: List[Tensor], dense: int, at: int) -> Tensor:
                if torch.gt(at, 0):
                  y = self.experts(x, w, at)
                  SHARED
                else:
                  y = self.feed_forward(x, w, dense)
                return y
            """;

    private static final String SHARED = "y = y + self.feed_forward(x, w, dense)";
    private static final String GATED =
            "y = y + torch.sigmoid(torch.linear(x, w[at + 1], None)) * self.feed_forward(x, w, dense)";

    private static final String IN = "at + FIRST_EXPERT + 2 * expert, at + 2";
    private static final String OUT = "at + FIRST_EXPERT + 1 + 2 * expert, at + 3";
    private static final String BIASED_IN = "at + FIRST_EXPERT + 4 * expert, at + FIRST_EXPERT + 1 + 4 * expert";
    private static final String BIASED_OUT = "at + FIRST_EXPERT + 2 + 4 * expert, at + FIRST_EXPERT + 3 + 4 * expert";

    private static final String COMPILED_ABOVE_HALVES =
            "self.is_wide(count, EXPERT_IN) or self.is_wide(count, EXPERT_OUT)";

    private ExpertsScript() {}

    /**
     * The methods, with gaps that {@link TransformerScript} fills.
     *
     * @param linear how products are computed
     * @param biased whether router and experts have biases
     */
    static String of(Experts experts, LinearKernel linear, boolean biased) {
        return METHODS.replace("COMPILED", compiled(linear))
                .replace("CHOICE", RoutingScript.choice(experts.routing()))
                .replace("WEIGHTS", RoutingScript.weights(experts.routing()))
                .replace("SHARED", shared(experts.shared()))
                .replace("ROUTER_BIAS", biased ? "w[at + 2]" : "None")
                .replace("EXPERT_IN", biased ? BIASED_IN : IN)
                .replace("EXPERT_OUT", biased ? BIASED_OUT : OUT)
                .replace("FIRST_EXPERT", String.valueOf(ExpertsWeights.FIRST_EXPERT))
                .replace("CHOSEN", String.valueOf(experts.chosen()))
                .replace("EXPERTS", String.valueOf(experts.count()));
    }

    /** Whether oneDNN computes an expert. */
    private static String compiled(LinearKernel linear) {
        return switch (linear) {
            case HALVED -> COMPILED_ABOVE_HALVES;
            case LEVELED -> "False";
            case PLAIN, PREPACKED -> "True";
        };
    }

    private static String shared(Experts.Shared shared) {
        return switch (shared) {
            case NONE -> "";
            case PLAIN -> SHARED;
            case GATED -> GATED;
        };
    }
}
