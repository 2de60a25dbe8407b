/**
 * Hugging Face models on DJL's PyTorch engine, in float32 or less.
 *
 * <p>Loading: {@code LoadedModel} lets {@code TensorLoader} read a checkpoint block by block, {@code
 * TransformerWeights} put its tensors in order, and {@code LinearWeights} store matrices as the fastest kernel that works here wants
 * them ({@code LinearProbe}). {@code TransformerScript} makes the forward pass of the model's description.
 *
 * <p>Evaluating: {@link DjlLanguageModel} hands a batch of contexts to its {@code EngineThread}; {@code
 * CachedEvaluation} finds in the {@code PrefixCache} what is missing; {@code PassSharing} and {@code EngineLanes} share the new tokens
 * out over threads; {@code AttentionPlanner} groups those that read the same states, slot by slot in {@code AttentionBucket}s, and the
 * settled part of long texts in place ({@code Trunk}, {@code TrunkGrowth}); {@code Transformer} calls the script.
 */
@NullMarked
package io.bytelm.lm.djl;

import org.jspecify.annotations.NullMarked;
