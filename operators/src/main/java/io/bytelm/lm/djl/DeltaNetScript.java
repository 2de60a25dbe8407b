package io.bytelm.lm.djl;

import io.bytelm.lm.checkpoint.DeltaNet;
import io.bytelm.lm.checkpoint.ModelConfig;
import java.util.List;

/**
 * What is added to {@link TransformerScript} where layers are delta nets. A head's matrix is nowhere computed: it is the sum
 * of a key times a correction for each token, decayed since then, so each token keeps these in its slot, as attention keeps
 * keys and values. A fork then costs nothing, and any token may be evicted whose successors are; a token reads those before
 * it, as in attention. Corrections of new tokens depend on those of new tokens before them: that is one triangular system of
 * equations a head (the UT transform of Yang et al., 2024, "Parallelizing Linear Transformers with the Delta Rule").
 *
 * <p>A slot holds {@code [CONVOLVED]} what the convolution reads, {@code [KEYS]} keys, {@code [VALUES]} corrections, and
 * {@code [VALUE_COUNT]} logarithms of decays. Decays between two tokens are summed from the later one backwards, so that those
 * of near tokens are exact however long the text is.
 *
 * <p>Shapes: {@code n} tokens of the pass that belong to buckets; {@code g}, {@code q}, {@code s} as in {@link MaskScript}.
 */
final class DeltaNetScript {
    /**
     * What all layers share: the order of the new tokens by position, each token's rank in it, the slots of the tokens before each
     * token and which of them exist {@code [rows, KERNEL - 1]}, an entry for each correction that depends on a new one; and for
     * each bucket the slots by position {@code [g * s]}, which of them a token sees with and without itself
     * {@code [g, 1, q, s]}, and the rank of each that is new, else {@code n} {@code [g, s]}.
     */
    private static final String PLAN = """

              def delta_plan(self, masks: List[Tensor], distances: List[Tensor], padded: List[Tensor],
                             unpadded: List[Tensor], slots: List[Tensor], new_slots: Tensor, positions: Tensor,
                             kept: Tensor) -> List[Tensor]:
                n = 0
                for b in range(torch.len(masks)):
                  if torch.gt(torch.size(padded[b], 0), 0):
                    n = n + torch.size(unpadded[b], 0)
                  else:
                    n = n + torch.size(masks[b], 0) * torch.size(masks[b], 1)
                order = torch.argsort(torch.narrow(positions, 0, 0, n), -1, False)
                rank = torch.argsort(order, -1, False)
                ranks = torch.new_full(positions, [torch.size(kept, 0)], n)
                _0 = torch.index_copy_(ranks, 0, torch.narrow(new_slots, 0, 0, n), rank)
                buckets = annotate(List[Tensor], [])
                earlier = annotate(List[Tensor], [])
                found = annotate(List[Tensor], [])
                dependent = annotate(List[Tensor], [])
                for b in range(torch.len(masks)):
                  g, q, s, = torch.size(masks[b])
                  by_position = torch.argsort(torch.select(distances[b], 1, 0), -1, True)
                  of_rows = torch.expand(torch.unsqueeze(by_position, 1), [g, q, s])
                  own_slots = torch.gather(torch.view(slots[b], [g, s]), 1, by_position)
                  distance = torch.gather(distances[b], 2, of_rows)
                  visible = torch.to(torch.gt(torch.gather(masks[b], 2, of_rows), -1.), 6)
                  before = visible * torch.to(torch.gt(distance, 0.5), 6)
                  columns = torch.index_select(ranks, 0, torch.reshape(own_slots, [-1]))
                  new = torch.view(torch.to(torch.lt(columns, n), 6), [g, 1, s])
                  _1 = torch.append(dependent, torch.reshape(torch.nonzero(before * new), [-1]))
                  at_steps = annotate(List[Tensor], [])
                  found_steps = annotate(List[Tensor], [])
                  for step in range(1, KERNEL):
                    hit = visible * torch.to(torch.lt(torch.abs(distance - step), 0.5), 6)
                    exists, at, = torch.max(hit, -1, True)
                    _2 = torch.append(at_steps, torch.gather(torch.expand(torch.unsqueeze(own_slots, 1), [g, q, s]), 2, at))
                    _3 = torch.append(found_steps, exists)
                  _4 = torch.append(earlier, self.rows_of(torch.cat(at_steps, 2), padded[b], unpadded[b]))
                  _5 = torch.append(found, self.rows_of(torch.cat(found_steps, 2), padded[b], unpadded[b]))
                  _6 = torch.append(buckets, torch.reshape(own_slots, [-1]))
                  _7 = torch.append(buckets, torch.unsqueeze(visible, 1))
                  _8 = torch.append(buckets, torch.unsqueeze(before, 1))
                  _9 = torch.append(buckets, torch.view(columns, [g, s]))
                filling = torch.size(new_slots, 0) - n
                there = torch.cat([torch.cat(found, 0), torch.new_zeros(distances[0], [filling, KERNEL - 1])], 0)
                at_slots = torch.cat([torch.cat(earlier, 0), torch.new_zeros(new_slots, [filling, KERNEL - 1])], 0)
                own = torch.expand(torch.unsqueeze(new_slots, 1), [-1, KERNEL - 1])
                return [order, rank, torch.where(torch.gt(there, 0.5), at_slots, own), there, torch.cat(dependent, 0)] + buckets

              def rows_of(self, x: Tensor, padded: Tensor, unpadded: Tensor) -> Tensor:
                rows = torch.flatten(x, 0, 1)
                if torch.gt(torch.size(padded, 0), 0):
                  rows = torch.index_select(rows, 0, unpadded)
                return rows

              def bucket_of(self, x: Tensor, first: int, padded: Tensor, unpadded: Tensor, g: int, q: int) -> Tensor:
                if torch.gt(torch.size(padded, 0), 0):
                  rows = torch.index_select(torch.narrow(x, 0, first, torch.size(unpadded, 0)), 0, padded)
                else:
                  rows = torch.narrow(x, 0, first, g * q)
                return torch.transpose(torch.view(rows, [g, q, torch.size(x, 1), -1]), 1, 2)
            """;

    private static final String LAYER = """

              def convolved(self, mixed: Tensor, weight: Tensor, states: Tensor, plan: List[Tensor]) -> Tensor:
                by_token = torch.view(weight, [CONVOLVED, KERNEL])
                y = mixed * torch.select(by_token, 1, KERNEL - 1)
                inputs = torch.narrow(states, 1, 0, CONVOLVED)
                for step in range(1, KERNEL):
                  before = torch.index_select(inputs, 0, torch.select(plan[2], 1, step - 1))
                  there = torch.narrow(plan[3], 1, step - 1, 1)
                  y = y + before * there * torch.select(by_token, 1, KERNEL - 1 - step)
                return torch.silu(y)

              def unit(self, x: Tensor) -> Tensor:
                by_head = torch.view(x, [-1, KEY_COUNT, KEY_WIDTH])
                return by_head * torch.rsqrt(torch.sum(by_head * by_head, [-1], True) + 1.0e-6)

              def by_value(self, x: Tensor) -> Tensor:
                g, heads, q, s, = torch.size(x)
                shared = torch.expand(torch.unsqueeze(x, 2), [g, heads, VALUES_A_KEY, q, s])
                return torch.reshape(shared, [g, VALUE_COUNT, q, s])

              def solved(self, rows: List[Tensor], right: Tensor, order: Tensor, rank: Tensor) -> Tensor:
                n = torch.size(right, 0)
                system = torch.view(torch.index_select(torch.cat(rows, 0), 0, order), [n, VALUE_COUNT, n + 1])
                lower = torch.permute(torch.narrow(system, 2, 0, n), [1, 0, 2])
                by_position = torch.view(torch.index_select(right, 0, order), [n, VALUE_COUNT, VALUE_WIDTH])
                x = torch.linalg_solve_triangular(lower, torch.permute(by_position, [1, 0, 2]), upper=False, left=True, unitriangular=True)
                return torch.index_select(torch.reshape(torch.permute(x, [1, 0, 2]), [n, VALUES]), 0, rank)

              def delta_rule(self, q: Tensor, k: Tensor, v: Tensor, beta: Tensor, new_slots: Tensor, states: Tensor,
                             padded: List[Tensor], unpadded: List[Tensor], plan: List[Tensor]) -> Tensor:
                n = torch.size(plan[0], 0)
                depends = torch.gt(torch.size(plan[4], 0), 0)
                kept = torch.narrow(states, 1, CONVOLVED, KEYS + VALUES + VALUE_COUNT)
                rights = annotate(List[Tensor], [])
                rows = annotate(List[Tensor], [])
                shares = annotate(List[Tensor], [])
                first = 0
                for b in range(torch.len(padded)):
                  visible = plan[6 + 4 * b]
                  before = plan[7 + 4 * b]
                  g, _g, rows_a_group, s, = torch.size(visible)
                  own = torch.view(torch.index_select(kept, 0, plan[5 + 4 * b]), [g, s, -1])
                  keys = torch.transpose(torch.view(torch.narrow(own, 2, 0, KEYS), [g, s, KEY_COUNT, KEY_WIDTH]), 1, 2)
                  known = torch.transpose(torch.view(torch.narrow(own, 2, KEYS, VALUES), [g, s, VALUE_COUNT, VALUE_WIDTH]), 1, 2)
                  logs = visible * torch.unsqueeze(torch.transpose(torch.narrow(own, 2, KEYS + VALUES, VALUE_COUNT), 1, 2), 2)
                  later = torch.flip(torch.cumsum(torch.flip(logs, [3]), 3), [3]) - logs
                  decays = torch.exp(later)
                  keys_of_rows = self.bucket_of(k, first, padded[b], unpadded[b], g, rows_a_group)
                  queries = self.bucket_of(q, first, padded[b], unpadded[b], g, rows_a_group)
                  rates = self.bucket_of(torch.unsqueeze(beta, 2), first, padded[b], unpadded[b], g, rows_a_group)
                  values = self.bucket_of(v, first, padded[b], unpadded[b], g, rows_a_group)
                  transposed = torch.transpose(keys, 2, 3)
                  removed = self.by_value(torch.matmul(keys_of_rows, transposed)) * decays * before * rates
                  right = values * rates - torch.matmul(removed, known)
                  right = self.rows_of(torch.transpose(right, 1, 2), padded[b], unpadded[b])
                  first = first + torch.size(right, 0)
                  _0 = torch.append(rights, torch.flatten(right, 1))
                  _1 = torch.append(shares, self.by_value(torch.matmul(queries, transposed)) * decays * visible)
                  if depends:
                    columns = torch.expand(torch.view(plan[8 + 4 * b], [g, 1, 1, s]), torch.size(removed))
                    empty = torch.new_zeros(removed, [g, VALUE_COUNT, rows_a_group, n + 1])
                    row = torch.scatter_add(empty, 3, columns, removed)
                    _2 = torch.append(rows, torch.flatten(self.rows_of(torch.transpose(row, 1, 2), padded[b], unpadded[b]), 1))
                corrections = torch.cat(rights, 0)
                if depends:
                  corrections = self.solved(rows, corrections, plan[0], plan[1])
                kept_values = torch.narrow(states, 1, CONVOLVED + KEYS, VALUES)
                _3 = torch.index_copy_(kept_values, 0, torch.narrow(new_slots, 0, 0, n), corrections)
                outputs = annotate(List[Tensor], [])
                for b in range(torch.len(padded)):
                  g, _h, rows_a_group, s, = torch.size(shares[b])
                  known = torch.view(torch.index_select(kept_values, 0, plan[5 + 4 * b]), [g, s, VALUE_COUNT, VALUE_WIDTH])
                  y = torch.matmul(shares[b], torch.transpose(known, 1, 2))
                  _4 = torch.append(outputs, self.rows_of(torch.transpose(y, 1, 2), padded[b], unpadded[b]))
                filling = torch.new_zeros(v, [torch.size(v, 0) - n, VALUE_COUNT, VALUE_WIDTH])
                return torch.cat([torch.cat(outputs, 0), filling], 0)

              def delta_net(self, x: Tensor, w: List[Tensor], at: int, own: int, new_slots: Tensor, states: Tensor,
                            padded: List[Tensor], unpadded: List[Tensor], plan: List[Tensor]) -> Tensor:
                projected = self.sensitive_linear(x, w, at, at + 1)
                mixed = torch.narrow(projected, 1, 0, CONVOLVED)
                gates = torch.view(torch.narrow(projected, 1, CONVOLVED, VALUES), [-1, VALUE_COUNT, VALUE_WIDTH])
                rates = torch.linear(x, w[own + 4], None)
                beta = torch.sigmoid(torch.narrow(rates, 1, 0, VALUE_COUNT))
                steps = torch.narrow(rates, 1, VALUE_COUNT, VALUE_COUNT)
                logs = torch.neg(torch.exp(w[own + 1])) * torch.softplus(steps + w[own + 2], 1, 20)
                _0 = torch.index_copy_(torch.narrow(states, 1, 0, CONVOLVED), 0, new_slots, mixed)
                y = self.convolved(mixed, w[own], states, plan)
                q = self.unit(torch.narrow(y, 1, 0, KEYS)) * QUERY_SCALE
                k = self.unit(torch.narrow(y, 1, KEYS, KEYS))
                v = torch.view(torch.narrow(y, 1, 2 * KEYS, VALUES), [-1, VALUE_COUNT, VALUE_WIDTH])
                unknown = torch.new_zeros(y, [torch.size(y, 0), VALUES])
                new = torch.cat([torch.flatten(k, 1), unknown, logs], 1)
                _1 = torch.index_copy_(torch.narrow(states, 1, CONVOLVED, KEYS + VALUES + VALUE_COUNT), 0, new_slots, new)
                y = self.delta_rule(q, k, v, beta, new_slots, states, padded, unpadded, plan)
                y = y * torch.rsqrt(torch.mean(y * y, [-1], True) + EPSILON) * w[own + 3] * torch.silu(gates)
                return self.linear(torch.flatten(y, 1), w, at + 2, at + 3)

              def attention_or_delta_net(self, x: Tensor, w: List[Tensor], at: int, own: int, turns: List[Tensor], turn: int,
                                         new_slots: Tensor, states: Tensor, padded: List[Tensor], unpadded: List[Tensor],
                                         slots: List[Tensor], masks: List[Tensor], trunks: List[int],
                                         plan: List[Tensor]) -> Tensor:
                if torch.gt(own, 0):
                  y = self.delta_net(x, w, at, own, new_slots, states, padded, unpadded, plan)
                else:
                  y = self.attention(x, w, at, turns, turn, new_slots, states, padded, unpadded, slots, masks, trunks)
                return y
            """;

    private DeltaNetScript() {}

    /** The methods, with gaps that {@link TransformerScript} fills; empty for a model that has attention in all layers. */
    static String of(ModelConfig config) {
        DeltaNet net = config.attention().deltaNet();
        return net == null
                ? ""
                : (PLAN + LAYER)
                        .replace("QUERY_SCALE", String.valueOf(1 / Math.sqrt(net.keyDim())))
                        .replace("CONVOLVED", String.valueOf(net.convolvedWidth()))
                        .replace("KERNEL", String.valueOf(net.kernel()))
                        .replace("VALUES_A_KEY", String.valueOf(net.valueHeads() / net.keyHeads()))
                        .replace("VALUE_COUNT", String.valueOf(net.valueHeads()))
                        .replace("VALUE_WIDTH", String.valueOf(net.valueDim()))
                        .replace("KEY_COUNT", String.valueOf(net.keyHeads()))
                        .replace("KEY_WIDTH", String.valueOf(net.keyDim()))
                        .replace("VALUES", String.valueOf(net.valueWidth()))
                        .replace("KEYS", String.valueOf(net.keyWidth()));
    }

    /** Lines that make what the layers need, after those of {@link MaskScript#calls}. */
    static String calls(ModelConfig config) {
        if (config.attention().deltaNet() == null) {
            return "";
        }
        List<Integer> places = DeltaNetWeights.places(config);
        return "    delta_nets = annotate(List[int], " + places + ")\n"
                + "    plan = self.delta_plan(masks, distances, padded, unpadded, slots, new_slots, positions, states[LAYERS])\n";
    }

    /** How many numbers a slot holds. */
    static int slotWidth(DeltaNet net) {
        return net.convolvedWidth() + net.keyWidth() + net.valueWidth() + net.valueHeads();
    }
}
