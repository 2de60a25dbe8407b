package io.bytelm.lm.djl;

import ai.djl.Device;

/**
 * What is added to {@link TransformerScript} where rows stay on the device. Numbers come in one tensor a kind, in host
 * memory, and go to the device in one copy that the host does not wait for; pieces of them are views there.
 * {@code segment_sums} alone waits for the device, for its result.
 *
 * <p>Sums add terms of one segment only, in float64, and never by atomic operations, whose order would change the result
 * from call to call. On a GPU a segment is a block's work, not a thread's, since the data has one dimension.
 */
final class DeviceScript {
    private static final String METHODS = """

              def on_device(self, x: Tensor, like: Tensor) -> Tensor:
                return torch.to(PINNED, ops.prim.device(like), ops.prim.dtype(x), True)

              def extend_packed(self, numbers: Tensor, sizes: List[int], mask: Tensor, shapes: List[int],
                                w: List[Tensor], states: List[Tensor], final_states: Tensor) -> Tensor:
                parts = torch.split_with_sizes(self.on_device(numbers, final_states), sizes, 0)
                values = self.on_device(mask, final_states)
                padded = annotate(List[Tensor], [])
                unpadded = annotate(List[Tensor], [])
                slots = annotate(List[Tensor], [])
                masks = annotate(List[Tensor], [])
                first = 0
                for b in range(torch.floordiv(torch.len(shapes), 3)):
                  _0 = torch.append(padded, parts[3 + 3 * b])
                  _1 = torch.append(unpadded, parts[4 + 3 * b])
                  _2 = torch.append(slots, parts[5 + 3 * b])
                  g = shapes[3 * b]
                  q = shapes[3 * b + 1]
                  s = shapes[3 * b + 2]
                  _3 = torch.append(masks, torch.view(torch.narrow(values, 0, first, g * q * s), [g, q, s]))
                  first = first + g * q * s
                trunks = annotate(List[int], [])
                return self.extend(parts[0], parts[1], parts[2], padded, unpadded, slots, masks, w, states, final_states, trunks)

              def keep_probabilities(self, numbers: Tensor, rows: int, kept: Tensor, final_states: Tensor,
                                     w: List[Tensor]) -> Tensor:
                index = self.on_device(numbers, kept)
                p = self.probabilities(final_states, torch.narrow(index, 0, 0, rows), w)
                return torch.index_copy_(kept, 0, torch.narrow(index, 0, rows, rows), p)

              def segment_sums(self, numbers: Tensor, rows: int, kept: Tensor) -> Tensor:
                index = self.on_device(numbers, kept)
                chosen = torch.index_select(kept, 0, torch.narrow(index, 0, 0, rows))
                values = torch.to(torch.reshape(chosen, [-1]), 7)
                offsets = torch.narrow(index, 0, rows, torch.size(index, 0) - rows)
                sums = torch.segment_reduce(values, "sum", lengths=None, indices=None, offsets=offsets, axis=0,
                                            unsafe=True, initial=0.)
                return torch.to(sums, torch.device("cpu"), 7)
            """;

    private DeviceScript() {}

    /** The methods for a device; only what goes to a GPU is pinned, since pinning takes one. */
    static String of(Device device) {
        return METHODS.replace("PINNED", device.isGpu() ? "torch.pin_memory(x)" : "x")
                .replace("(self,", "(" + TorchScriptArchive.SELF + ",");
    }
}
