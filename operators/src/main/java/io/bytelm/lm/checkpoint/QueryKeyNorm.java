package io.bytelm.lm.checkpoint;

/** Whether queries and keys are normalized before they are turned, with the model's kind of norm. */
public enum QueryKeyNorm {
    NONE,
    /** Each head by itself: Qwen3, Gemma 3. */
    PER_HEAD,
    /** All heads' queries together, and all heads' keys: OLMo 2. */
    WHOLE
}
