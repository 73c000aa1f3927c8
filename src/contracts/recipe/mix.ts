import { Type } from "@sinclair/typebox";
import { choice, mapOf, mapping, orNull } from "../../schema.ts";
import { type Role, roles } from "../example.ts";

const taskWeight = (of: string) =>
  Type.Optional(Type.Number({ description: `Weight of ${of}.`, minimum: 0 }));

/** Keys of `mix`. */
export const mixSchema = mapping(
  {
    max_seq_tokens: Type.Integer({
      description: "Longest example and longest pack, in tokens.",
      minimum: 8,
      default: 4096,
    }),
    render: choice(["chat", "text"], {
      description:
        "chat: through the tokenizer's chat template, loss on the answers. text: plain document, loss on " +
        "everything. A dataset's own `render` says otherwise for its examples.",
      default: "chat",
    }),
    train_on: mapping(
      {
        roles: Type.Unsafe<readonly Role[]>(
          Type.Array(choice(roles), {
            description: "Whose messages.",
            minItems: 1,
            uniqueItems: true,
            default: ["assistant"],
          }),
        ),
        turns: choice(["all", "last"], {
          description: "all messages of these roles, or the last only.",
          default: "all",
        }),
        eos: choice(["all", "turn", "last", "none"], {
          description: "End tokens: of every turn, of the trained turns, of the last trained turn, or none.",
          default: "turn",
        }),
        thoughts: Type.Boolean({
          description: "Whether what an answer thinks before it speaks is under loss, too.",
          default: true,
        }),
      },
      {
        description: "Which parts of a conversation are under loss. A message's own `train` overrides this.",
        default: {},
      },
    ),
    on_lost_thought: choice(["drop", "keep"], {
      description:
        "An answer whose thought the chat template leaves out: drop trains it nowhere, and drops the example " +
        "when nothing else of it is trained; keep trains it without its thought.",
      default: "drop",
    }),
    over_length: choice(["shorten_context", "drop", "split", "error"], {
      description:
        "Examples longer than max_seq_tokens: shorten only the document inside the prompt (plain text has " +
        "no prompt and is split), drop the example, split the document, or stop. Each is counted in the " +
        "ledger.",
      default: "shorten_context",
    }),
    packing: choice(["best_fit", "none"], {
      description:
        "best_fit: several examples laid end to end, each its own segment. none: one example a pack.",
      default: "best_fit",
    }),
    weights: mapOf(Type.Number({ minimum: 0 }), {
      description: "Relative share of the token budget by dataset name; datasets not named have weight 1.",
      default: {},
    }),
    task_weights: mapping(
      {
        summarization: taskWeight("summaries"),
        qa: taskWeight("questions and answers"),
        writing: taskWeight("writing"),
        other: taskWeight("everything else"),
      },
      {
        description:
          "Relative share of the tokens by task; tasks not named have weight 1. Empty: as they come.",
        default: {},
      },
    ),
    temperature: orNull(
      Type.Number({
        description:
          "Weights are multiplied with size^(1/temperature) of their dataset: at 1 datasets count by " +
          "their size, at a large temperature all count alike. null: sizes do not matter.",
        exclusiveMinimum: 0,
        default: null,
      }),
    ),
    long_fraction: orNull(
      Type.Number({
        description:
          "Share of the tokens that is in sequences of at least long_tokens tokens. null: as they come.",
        minimum: 0,
        maximum: 1,
        default: null,
      }),
    ),
    long_tokens: Type.Integer({
      description: "Sequences of at least this many tokens count as long.",
      minimum: 1,
      default: 2048,
    }),
    length_buckets: Type.Array(Type.Integer({ minimum: 1 }), {
      description:
        "Ascending bounds of groups of lengths: the manifest counts, and a curriculum packs, each by itself.",
      uniqueItems: true,
      default: [2048, 8192, 16384],
    }),
    budget_tokens: Type.Integer({
      description: "Tokens of the training mix. 0: all of every dataset once (weights then only subsample).",
      minimum: 0,
      default: 0,
    }),
    budget_supervised_tokens: Type.Integer({
      description: "The same in tokens under loss; one of the two budgets is 0.",
      minimum: 0,
      default: 0,
    }),
    max_epochs: Type.Integer({
      description: "No example is repeated more often than this to fill a budget.",
      minimum: 1,
      default: 4,
    }),
    validation_tokens: Type.Integer({
      description:
        "At most this many tokens of validation packs, spread evenly over the held-out examples. 0: all.",
      minimum: 0,
      default: 65536,
    }),
    order: choice(["shuffled", "longest_first", "curriculum"], {
      description:
        "Packs in training: shuffled in each epoch, longest_first (the largest is the first step's, an " +
        "honest test of memory) or curriculum (short sequences first).",
      default: "shuffled",
    }),
    loss_weights: choice(["token", "sequence", "source"], {
      description: "Which mean the loss is: over tokens, over sequences (LongAlign), or over sources.",
      default: "token",
    }),
  },
  { description: "How examples become packs of tokens.", default: {} },
);
