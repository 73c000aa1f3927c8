import type { StageContext } from "../contracts/events.ts";
import type { MixSpec } from "../contracts/recipe.ts";
import { hasOwnTemplate } from "../tokenizer/chat/template.ts";
import { missingTokens } from "../tokenizer/chat/templates/try-template.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { MixManifest } from "./manifest.ts";
import { hasRender, type RenderingMix } from "./renders.ts";
import type { EndTexts } from "./sequences/end-texts.ts";
import type { LeftOut } from "./sequences/left-out.ts";

/** Tells which documents are plain text because the recipe does not say what else, and how to say it. */
export function warnOfDocuments(ctx: StageContext, names: readonly string[]): void {
  for (const name of names) {
    const message =
      `dataset ${name}: documents, in which nothing is asked, are trained as plain text beside the chats, with ` +
      "the loss on all of it. Write `render: text` under it if that is meant, or `build: { name: " +
      "continuation }` for chats made of them (docs/data.md has more builders)";
    ctx.emit({ type: "warning", stage: "mix", message });
  }
}

/** Warns of what the tokenizer and its template do that one would not expect. */
export async function warnOfTemplate(
  ctx: StageContext,
  tokenizer: Tokenizer,
  mix: RenderingMix,
): Promise<void> {
  if (!hasRender(mix, "chat")) return;
  const warn = (message: string): void => ctx.emit({ type: "warning", stage: "mix", message });
  if (tokenizer.chatTemplate !== null && (await hasOwnTemplate(tokenizer.dir)))
    warn(`model.chat_template is used in place of the chat template in ${tokenizer.dir}`);
  const missing = await missingTokens(tokenizer);
  if (missing.length > 0) {
    warn(
      `the chat template writes ${missing.join(", ")}, which the tokenizer in ${tokenizer.dir} has no token ` +
        "for: it is trained as text, in many tokens",
    );
  }
}

/** Warns of answers that end with an end token written as text. */
export function warnOfEndTexts(ctx: StageContext, { examples, first }: EndTexts, rows: number): void {
  if (first === null) return;
  const message =
    `${examples} of ${rows} examples have an answer that ends with the text of an end token; first: ` +
    `${first.id}: ${JSON.stringify(first.text)}. It is trained as characters, before the real end token: ` +
    "take it out of the data";
  ctx.emit({ type: "warning", stage: "mix", message });
}

/** Warns of what is left out, and how the recipe or the rows would keep it. */
export function warnOfLeftOut(
  ctx: StageContext,
  { thoughts, unmarked }: LeftOut,
  { rows, mix }: { rows: number; mix: MixSpec },
): void {
  const warn = (message: string): void => ctx.emit({ type: "warning", stage: "mix", message });
  if (thoughts.count > 0) {
    warn(
      `${thoughts.count} of ${rows} examples have a thought (reasoning_content) that \`render: text\` leaves out; ` +
        `first: ${thoughts.first}. Write \`render: chat\` under the dataset to train it, or ` +
        "`mix.train_on.thoughts: false` if it is not to be trained",
    );
  }
  if (unmarked.count > 0) {
    warn(
      `${unmarked.count} of ${rows} examples are dropped as longer than mix.max_seq_tokens = ${mix.max_seq_tokens} ` +
        `with nothing in them marked that may be shortened; first: ${unmarked.first}. Mark the document: in a row ` +
        '`"context": [{"message": 0, "start": 0, "end": 5000}]` (characters of that message), of mapped columns ' +
        "`fields.context: <column>`; or raise mix.max_seq_tokens",
    );
  }
}

/** Warns of examples that the chat template changes or refuses. */
export function warnOfTurns(ctx: StageContext, ledger: Ledger): void {
  const warn = (reason: string, what: string): void => {
    const rows = ledger.reasons().get(reason);
    if (!rows) return;
    const message = `${rows.count} of ${ledger.rows} examples ${what}; first: ${rows.first.id}: ${rows.first.detail}`;
    ctx.emit({ type: "warning", stage: "mix", message });
  };
  warn("chat_template", "dropped because the chat template does not take them");
  warn("no_question", "dropped because nothing is asked in them");
  warn("lost_thought", "dropped because the chat template leaves out what they think");
  warn("turns_not_trained", "have answers that are read and not trained");
}

/** Warns where the mix has less than was asked for. `held`: how many sequences the validation split has. */
export function warnOfShortage(ctx: StageContext, mix: MixSpec, manifest: MixManifest, held: number): void {
  const warn = (message: string): void => ctx.emit({ type: "warning", stage: "mix", message });
  const ofSupervised = manifest.budget.of === "supervised_tokens";
  for (const [name, { target_tokens, tokens, supervised_tokens, available_tokens }] of Object.entries(
    manifest.datasets,
  )) {
    const got = ofSupervised ? supervised_tokens : tokens;
    if (got >= target_tokens) continue;
    if (ofSupervised || mix.long_fraction !== null || Object.keys(mix.task_weights).length > 0) {
      warn(
        `dataset ${name}: ${got} of ${target_tokens} ${ofSupervised ? "supervised " : ""}tokens of its share`,
      );
      continue;
    }
    warn(
      `dataset ${name}: ${tokens} of ${target_tokens} tokens of its share: it has ${available_tokens}, and ` +
        `mix.max_epochs is ${mix.max_epochs}`,
    );
  }
  const { target_fraction, fraction, longest_tokens } = manifest.long;
  // The last example drawn may go beyond the share.
  const grain = longest_tokens / Math.max(1, manifest.train.tokens);
  if (target_fraction !== null && Math.abs(fraction - target_fraction) > 0.005 + grain)
    warn(longFractionTold(mix, manifest));
  if (held > 0 && manifest.validation.packs === 0) {
    warn(
      `mix.validation_tokens = ${mix.validation_tokens}: none of ${held} held-out examples is as ` +
        "short as that",
    );
  }
}

/** Which share of long sequences there is in place of the one asked for, and why. */
function longFractionTold(mix: MixSpec, { long, datasets, train, budget }: MixManifest): string {
  const { target_fraction: target, fraction, from_tokens: from, available_tokens: there } = long;
  const all = Object.values(datasets).reduce((sum, { available_tokens: own }) => sum + own, 0);
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const isLess = fraction < (target ?? 0);
  const what = isLess ? `sequences of at least ${from} tokens` : "shorter sequences";
  const has = isLess ? there : all - there;
  const wanted = Math.round((isLess ? (target ?? 0) : 1 - (target ?? 0)) * train.tokens);
  const why =
    budget.of === "supervised_tokens"
      ? "mix.budget_supervised_tokens shares supervised tokens, of which long sequences have fewer or more than others"
      : wanted > has * Math.max(1, mix.max_epochs)
        ? `the datasets have ${has} tokens in ${what}, and mix.max_epochs is ${mix.max_epochs}`
        : `the datasets have ${there} tokens in such sequences and ${all - there} in shorter ones, and weights of ` +
          "datasets and tasks, and whole sequences, leave no better share of this budget";
  return (
    `mix.long_fraction = ${target}: ${percent(fraction)} of the mix's tokens are in sequences of at least ${from} ` +
    `tokens, in place of ${percent(target ?? 0)}: ${why}. Add ${isLess ? "longer" : "shorter"} examples, or change ` +
    "mix.long_tokens or the budget"
  );
}
