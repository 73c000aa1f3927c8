import type { StageContext } from "../contracts/events.ts";
import type { MixSpec } from "../contracts/recipe.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { MixManifest } from "./manifest.ts";

/** Warns of examples that the chat template changes or refuses. */
export function warnOfTurns(ctx: StageContext, ledger: Ledger): void {
  const warn = (reason: string, what: string): void => {
    const rows = ledger.reasons().get(reason);
    if (!rows) return;
    const message = `${rows.count} of ${ledger.rows} examples ${what}; first: ${rows.first.id}: ${rows.first.detail}`;
    ctx.emit({ type: "warning", stage: "mix", message });
  };
  warn("chat_template", "dropped because the chat template does not take them");
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
  const { target_fraction, fraction, from_tokens } = manifest.long;
  // Each dataset may be one example beyond its share.
  const grain =
    (Object.keys(manifest.datasets).length * mix.max_seq_tokens) / Math.max(1, manifest.train.tokens);
  if (target_fraction !== null && Math.abs(fraction - target_fraction) > 0.02 + grain) {
    warn(
      `mix.long_fraction = ${target_fraction}: got ${fraction.toFixed(3)} of the tokens in sequences ` +
        "of at least " +
        `${from_tokens}: the datasets have no more of one kind within mix.max_epochs`,
    );
  }
  if (held > 0 && manifest.validation.packs === 0) {
    warn(
      `mix.validation_tokens = ${mix.validation_tokens}: none of ${held} held-out examples is as ` +
        "short as that",
    );
  }
}
