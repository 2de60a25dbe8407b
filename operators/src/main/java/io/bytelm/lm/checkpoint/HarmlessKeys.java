package io.bytelm.lm.checkpoint;

import java.util.Set;

/**
 * Keys of {@code config.json} that change no probability: names and versions, training, what decoding strategies and
 * pipelines do, special tokens (which come from the tokenizer's files), and how another program is to run the model.
 */
final class HarmlessKeys {
    private static final String NAMES_AND_VERSIONS =
            "_name_or_path _model_name_or_path _commit_hash architectures auto_map model_type transformers_version torch_dtype dtype license "
                    + "base_model language library_name unsloth_fixed unsloth_version model_name mergekit_version name_or_path "
                    + "tokenizer_class processor_class custom_pipelines";
    private static final String TRAINING =
            "attention_dropout attn_dropout attn_pdrop classifier_dropout classifier_dropout_prob dropout embd_pdrop "
                    + "embed_dropout embedding_dropout ffn_dropout hidden_dropout hidden_dropout_prob emb_pdrop resid_dropout resid_pdrop "
                    + "residual_dropout attention_probs_dropout_prob activation_dropout layerdrop init_std initializer_range "
                    + "initializer_factor init_method gradient_checkpointing use_cache pretraining_tp router_aux_loss_coef "
                    + "router_jitter_noise "
                    + "summary_activation summary_first_dropout summary_proj_to_labels summary_type summary_use_proj "
                    + "chunk_size_feed_forward is_decoder is_encoder_decoder add_cross_attention cross_attention_hidden_size "
                    + "use_liger_kernel fuse_cross_entropy neftune_noise_alpha";
    private static final String OTHER_PROGRAMS =
            "_attn_implementation attn_implementation _attn_implementation_autoset _flash_attn_2_enabled use_flash_attention "
                    + "use_flash_attn use_flash_attn_with_alibi flash_attn use_sdpa torchscript use_bfloat16 tf_legacy_loss "
                    + "tp_plan tensor_parallel cache_implementation output_attentions output_hidden_states output_scores "
                    + "output_router_logits return_dict return_dict_in_generate use_return_dict fused_mlp is_llama_config "
                    + "pruned_heads prune_heads onnx reference_compile transformers.js_config use_fused_kernels";
    private static final String TASKS_AND_DECODING =
            "id2label label2id num_labels problem_type finetuning_task task_specific_params prefix decoder_start_token_id "
                    + "forced_bos_token_id forced_eos_token_id bos_token_id eos_token_id pad_token_id sep_token_id "
                    + "unk_token_id mask_token_id cls_token_id bos_token eos_token pad_token begin_suppress_tokens "
                    + "suppress_tokens bad_words_ids do_sample temperature top_k top_p typical_p min_p repetition_penalty "
                    + "length_penalty no_repeat_ngram_size encoder_no_repeat_ngram_size num_beams num_beam_groups "
                    + "num_return_sequences diversity_penalty early_stopping max_length min_length max_new_tokens "
                    + "remove_invalid_values exponential_decay_length_penalty generation_config chat_template "
                    + "model_max_length user_token_id assistant_token_id seq_length";

    /** What they say shows in the tensors, all of which are accounted for. */
    private static final String VISIBLE_IN_TENSORS =
            "attention_bias attention_out_bias mlp_bias use_bias use_qkv_bias " + "bias qkv_bias";

    static final Set<String> ALL = Set.of(
            String.join(" ", NAMES_AND_VERSIONS, TRAINING, OTHER_PROGRAMS, TASKS_AND_DECODING, VISIBLE_IN_TENSORS)
                    .split(" "));

    private HarmlessKeys() {}
}
