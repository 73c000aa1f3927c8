// Made from the recipe's schema by `npm run generate`: edit src/contracts/recipe instead.

/** How examples become packs of tokens. */
export interface MixInput {
  /** Longest example and longest pack, in tokens. Default: 4096. */
  max_seq_tokens?: number | undefined;
  /**
   * chat: through the tokenizer's chat template, loss on the answers. text: plain document, loss on
   * everything. A dataset's own `render` says otherwise for its examples. Default: "chat".
   */
  render?: "chat" | "text" | undefined;
  /** Which parts of a conversation are under loss. A message's own `train` overrides this. */
  train_on?:
    | {
        /** Whose messages. Default: ["assistant"]. */
        roles?: readonly ("system" | "user" | "assistant" | "tool")[] | undefined;
        /** all messages of these roles, or the last only. Default: "all". */
        turns?: "all" | "last" | undefined;
        /**
         * End tokens: of every turn, of the trained turns, of the last trained turn, or none. Default: "turn".
         */
        eos?: "all" | "turn" | "last" | "none" | undefined;
        /** Whether what an answer thinks before it speaks is under loss, too. Default: true. */
        thoughts?: boolean | undefined;
      }
    | undefined;
  /**
   * An answer whose thought the chat template leaves out: drop trains it nowhere, and drops the example when
   * nothing else of it is trained; keep trains it without its thought. Default: "drop".
   */
  on_lost_thought?: "drop" | "keep" | undefined;
  /**
   * Examples longer than max_seq_tokens: shorten only the document inside the prompt (plain text has no
   * prompt and is split), drop the example, split the document, or stop. Each is counted in the ledger.
   * Default: "shorten_context".
   */
  over_length?: "shorten_context" | "drop" | "split" | "error" | undefined;
  /**
   * best_fit: several examples laid end to end, each its own segment. none: one example a pack. Default:
   * "best_fit".
   */
  packing?: "best_fit" | "none" | undefined;
  /** Relative share of the token budget by dataset name; datasets not named have weight 1. */
  weights?: Readonly<Record<string, number>> | undefined;
  /** Relative share of the tokens by task; tasks not named have weight 1. Empty: as they come. */
  task_weights?:
    | {
        /** Weight of summaries. */
        summarization?: number | undefined;
        /** Weight of questions and answers. */
        qa?: number | undefined;
        /** Weight of writing. */
        writing?: number | undefined;
        /** Weight of everything else. */
        other?: number | undefined;
      }
    | undefined;
  /**
   * Weights are multiplied with size^(1/temperature) of their dataset: at 1 datasets count by their size, at
   * a large temperature all count alike. null: sizes do not matter. Default: null.
   */
  temperature?: number | null | undefined;
  /**
   * Share of the tokens that is in sequences of at least long_tokens tokens. null: as they come. Default:
   * null.
   */
  long_fraction?: number | null | undefined;
  /** Sequences of at least this many tokens count as long. Default: 2048. */
  long_tokens?: number | undefined;
  /**
   * Ascending bounds of groups of lengths: the manifest counts, and a curriculum packs, each by itself.
   * Default: [2048,8192,16384].
   */
  length_buckets?: readonly number[] | undefined;
  /** Tokens of the training mix. 0: all of every dataset once (weights then only subsample). Default: 0. */
  budget_tokens?: number | undefined;
  /** The same in tokens under loss; one of the two budgets is 0. Default: 0. */
  budget_supervised_tokens?: number | undefined;
  /** No example is repeated more often than this to fill a budget. Default: 4. */
  max_epochs?: number | undefined;
  /**
   * At most this many tokens of validation packs, spread evenly over the held-out examples. 0: all. Default:
   * 65536.
   */
  validation_tokens?: number | undefined;
  /**
   * Packs in training: shuffled in each epoch, longest_first (the largest is the first step's, an honest test
   * of memory) or curriculum (short sequences first). Default: "shuffled".
   */
  order?: "shuffled" | "longest_first" | "curriculum" | undefined;
  /** Which mean the loss is: over tokens, over sequences (LongAlign), or over sources. Default: "token". */
  loss_weights?: "token" | "sequence" | "source" | undefined;
}
