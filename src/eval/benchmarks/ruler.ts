import { Type } from "@sinclair/typebox";
import { choice } from "../../schema.ts";
import { type AskedAs, begunAnswer } from "../asking/begun-answer.ts";
import { joinIds } from "../asking/join-ids.ts";
import { tailOf } from "../asking/prompt.ts";
import { withoutMiddle } from "../asking/shown-prompt.ts";
import { defineBenchmark, hashInput, type Item, rising, scoresIn } from "../benchmark.ts";
import { depthSlice, ofOneTask, placeSlice } from "../lengths/slices.ts";
import { rulerOutcome } from "../ruler/outcome.ts";
import { type RulerRow, readRulerRows } from "../ruler/read-rows.ts";
import { rulerTasks } from "../ruler/tasks.ts";
import { foundShares } from "../scoring/found-references.ts";

/** Depths of single needles are counted to the nearest of these, in percent. */
const depthStep = 25;

/**
 * RULER's own rows, as its prepare.py writes them, answered greedily with as many tokens as it gives, and
 * scored as its evaluate.py scores: by task, by length, and for single needles by depth. Its data is not
 * shipped: `path` is a folder that its scripts made.
 */
export const ruler = defineBenchmark({
  defaultLimit: 130,
  asksAbout: "rows of RULER that fit",
  headline: { metric: "found", name: "found" },
  metrics: rising("found"),
  details: new RegExp(`${depthSlice.source}|${ofOneTask.source}`),
  options: {
    path: Type.String({
      description:
        "RULER's folder of data, for example of all lengths: `4096/data/vt/validation.jsonl` below it.",
      minLength: 1,
      expected: "a folder that RULER's prepare.py wrote",
    }),
    template: choice(["plain", "chat"], {
      description:
        "`plain`: the rows are whole prompts, as for RULER itself, with the template that they were made for. " +
        "`chat`: the checkpoint's chat template goes around them (made for `base`).",
      default: "plain",
    }),
  },
  async items({ tokenizer, maxSeqTokens, limit }, { path, template }) {
    const { rows, skipped } = await readRulerRows(path, limit);
    const items: Item[] = [];
    for (const row of rows) {
      const { maxNewTokens, match } = rulerTasks[row.task]!;
      const prompt = await promptOf(tokenizer, template, row);
      if (prompt.length + maxNewTokens > maxSeqTokens) {
        const reason = `${row.length} tokens: over max_seq_tokens`;
        skipped[reason] = (skipped[reason] ?? 0) + 1;
        continue;
      }
      items.push({
        id: row.id,
        isShortened: false,
        inputHash: hashInput([prompt], row.references),
        prompt,
        maxNewTokens,
        tokenizer,
        async judge(prediction) {
          const found = foundShares(prediction, row.references);
          const share =
            match === "part" ? Math.max(...found) : found.reduce((a, b) => a + b, 0) / found.length;
          return {
            scores: scoresIn(slicesOf(row), { found: share }),
            prompt: { text: row.input.slice(-400) + row.prefix, document: withoutMiddle(row.input, 800) },
            promptTail: await tailOf({ tokenizer }, prompt),
            target: row.references.join(match === "all" ? ", " : " | "),
            prediction,
            tokens: prompt.length,
          };
        },
      });
    }
    const how = `RULER's rows of ${path}, ${template === "chat" ? "chat template around them" : "as they are"}, greedy`;
    return { items, skipped, how, outcome: (label, texts) => rulerOutcome(label, rows, texts) };
  },
});

/** As RULER's own loaders of models do: special tokens that a row writes are special. */
async function promptOf(
  tokenizer: Parameters<typeof begunAnswer>[0],
  template: AskedAs,
  { input, prefix }: RulerRow,
): Promise<Int32Array> {
  if (template === "chat") return begunAnswer(tokenizer, "chat", { text: input, prefix });
  const [ids] = await tokenizer.encodeWithSpecials([input + prefix], false);
  const { before } = tokenizer.around;
  // A template that writes the first special token itself is not given it twice.
  const isThere = before.length > 0 && before.every((id, i) => ids![i] === id);
  return isThere ? ids! : joinIds(before, ids!);
}

function slicesOf({ task, length, depth }: RulerRow): string[] {
  const slices = [task, placeSlice({ length }), placeSlice({ task, length })];
  if (depth === undefined) return slices;
  const near = depthStep * Math.round(Math.min(100, Math.max(0, depth)) / depthStep);
  return [...slices, placeSlice({ length, depth: near }), placeSlice({ task, length, depth: near })];
}
