package io.bytelm.lm.checkpoint;

/** Whether queries and keys are normalized, with the model's kind of norm, before they are turned unless it says otherwise. */
public enum QueryKeyNorm {
    NONE,
    /** Each head by itself: Qwen3, Gemma 3. */
    PER_HEAD,
    /** Each head by itself, after it is turned: HunYuan. */
    PER_TURNED_HEAD,
    /** All heads' queries together, and all heads' keys: OLMo 2. */
    WHOLE
}
