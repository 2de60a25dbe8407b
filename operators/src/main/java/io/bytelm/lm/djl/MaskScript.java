package io.bytelm.lm.djl;

import io.bytelm.lm.checkpoint.Alibi;
import io.bytelm.lm.checkpoint.Attention;

/**
 * What is added to {@link TransformerScript} where attention depends on how far a key lies before a query. The positions of
 * all tokens are kept beside their states, behind those of the last layer.
 *
 * <p>Shapes: as in {@link AttentionBucket}, {@code q} rows and {@code s} columns of a group.
 */
final class MaskScript {
    /** For each bucket {@code [g, q, s]}: how far each key lies before each query. Keeps the new positions first. */
    private static final String DISTANCES = """

              def distances(self, masks: List[Tensor], padded: List[Tensor], unpadded: List[Tensor],
                            slots: List[Tensor], new_slots: Tensor, positions: Tensor, states: Tensor) -> List[Tensor]:
                kept = torch.index_copy_(states, 0, new_slots, torch.unsqueeze(torch.to(positions, 6), 1))
                distances = annotate(List[Tensor], [])
                first = 0
                for b in range(torch.len(masks)):
                  g, q, s, = torch.size(masks[b])
                  ragged = torch.gt(torch.size(padded[b], 0), 0)
                  n = g * q
                  if ragged:
                    n = torch.size(unpadded[b], 0)
                  own = torch.narrow(positions, 0, first, n)
                  first = first + n
                  if ragged:
                    own = torch.index_select(own, 0, padded[b])
                  keys = torch.view(torch.index_select(kept, 0, slots[b]), [g, 1, s])
                  _0 = torch.append(distances, torch.view(own, [g, q, 1]) - keys)
                return distances
            """;

    /** Far keys get so little weight that it is zero, and a row of padding whose keys are all far stays a number. */
    private static final String WINDOWED_MASKS = """

              def windowed_masks(self, masks: List[Tensor], distances: List[Tensor]) -> List[Tensor]:
                windowed = annotate(List[Tensor], [])
                for b in range(torch.len(masks)):
                  far = torch.ge(distances[b], WINDOW)
                  _0 = torch.append(windowed, masks[b] + torch.to(far, 6) * -1.0e30)
                return windowed
            """;

    /** For each bucket {@code [g, KV_HEADS, SHARERS * q, s]}. */
    private static final String BIASED_MASKS = """

              def biased_masks(self, masks: List[Tensor], distances: List[Tensor], slots: List[Tensor], kept: Tensor,
                               slopes: Tensor) -> List[Tensor]:
                biased = annotate(List[Tensor], [])
                by_head = torch.view(slopes, [KV_HEADS, SHARERS, 1, 1])
                for b in range(torch.len(masks)):
                  g, q, s, = torch.size(masks[b])
                  mask = torch.view(masks[b], [g, 1, 1, q, s]) + BIASES
                  _0 = torch.append(biased, torch.reshape(mask, [g, KV_HEADS, SHARERS * q, s]))
                return biased
            """;

    private static final String BIASES = "torch.view(distances[b], [g, 1, 1, q, s]) * torch.neg(by_head)";
    private static final String ROUNDED_BIASES = "torch.to(torch.to(torch.view(torch.index_select(kept, 0, slots[b]), "
            + "[g, 1, 1, 1, s]), 15) * torch.to(by_head, 15), 6) * FACTOR";

    private MaskScript() {}

    /** The methods that are called, with gaps that {@link TransformerScript} fills. */
    static String of(Attention attention) {
        Alibi alibi = attention.alibi();
        return (attention.comparesPositions() ? DISTANCES : "")
                + (attention.window() != Attention.UNBOUNDED
                        ? WINDOWED_MASKS.replace("WINDOW", String.valueOf(attention.window()))
                        : "")
                + (alibi == null
                        ? ""
                        : BIASED_MASKS
                                .replace("BIASES", alibi.rounded() ? ROUNDED_BIASES : BIASES)
                                .replace("FACTOR", String.valueOf(alibi.factor())));
    }

    /** Lines that make {@code masks_by_head}, and {@code windowed_by_head} where only some layers slide. */
    static String calls(Attention attention) {
        String distances = attention.comparesPositions()
                ? "    distances = self.distances(masks, padded, unpadded, slots, new_slots, positions, states[LAYERS])\n"
                : "";
        String windowed = "self.masks_for_heads(self.windowed_masks(masks, distances))\n";
        String all = attention.alibi() != null
                ? "self.biased_masks(masks, distances, slots, states[LAYERS], w[1])\n"
                : allSlide(attention) ? windowed : "self.masks_for_heads(masks)\n";
        return distances + "    masks_by_head = " + all
                + (someSlide(attention) ? "    windowed_by_head = " + windowed : "");
    }

    private static boolean allSlide(Attention attention) {
        return attention.window() != Attention.UNBOUNDED
                && attention.layers().stream().allMatch(Attention.Layer::slides);
    }

    /** Whether some layers slide and others do not. */
    static boolean someSlide(Attention attention) {
        return attention.window() != Attention.UNBOUNDED && !allSlide(attention);
    }
}
