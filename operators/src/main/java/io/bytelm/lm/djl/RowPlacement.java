package io.bytelm.lm.djl;

import ai.djl.Device;

/** Where rows of next-token probabilities are when their masses are summed. */
public enum RowPlacement {
    /** On the device if it is a GPU, else on the host. */
    BY_DEVICE,

    /** Every row is copied to the host. */
    HOST,

    /**
     * Rows stay where the model computes and only sums leave it; a pass's inputs go there in one piece of pinned memory, in
     * a few shapes that repeat. Made for GPUs; works on the CPU, more slowly than {@link #HOST}.
     */
    DEVICE;

    boolean isOnDevice(Device device) {
        return this == DEVICE || (this == BY_DEVICE && device.isGpu());
    }
}
