import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { findModel, openModel } from "../../checkpoint/model-folder.ts";
import type { ModelSpec } from "../../contracts/recipe.ts";
import { ConfigError, ZebraError } from "../../errors.ts";
import type { Problem } from "../../recipe/validate.ts";
import { tokenizerFile } from "../../tokenizer-file-names.ts";
import { whyNoCheckpoint } from "./find-checkpoint.ts";
import { missing } from "./missing.ts";

/**
 * What is wrong with `model`: keys that exclude or need each other, files that are not there, a model that
 * cannot be read. Only headers of weights are looked at.
 */
export async function checkModel(model: ModelSpec): Promise<Problem[]> {
  const problems: Problem[] = [];
  const add = (key: string, message: string) => problems.push({ path: ["model", key], message });
  if (model.checkpoint !== undefined && model.config !== undefined) {
    add("config", "expected either model.checkpoint or model.config, got both");
  } else if (model.checkpoint === undefined && model.config === undefined) {
    problems.push({ path: ["model"], message: "expected model.checkpoint or model.config, got neither" });
  }
  if (model.checkpoint !== undefined) {
    const wrong = await whyUnreadable(model.checkpoint, model.base);
    if (wrong !== null) add(wrong.key, wrong.message);
    if (model.tokenizer !== undefined && model.config === undefined) {
      add("tokenizer", "expected no tokenizer beside model.checkpoint (it brings its own), got one");
    }
  }
  if (model.base !== undefined && model.checkpoint === undefined)
    add("base", "expected model.base beside an adapter in model.checkpoint only, got it without one");
  if (model.config !== undefined) {
    const got = await missing(model.config);
    if (got) add("config", `expected a config.json, got ${got} at ${model.config}`);
    if (model.tokenizer === undefined) {
      add("tokenizer", "expected a folder that holds tokenizer.json, which model.config needs, got nothing");
    } else {
      const none = await missing(join(model.tokenizer, tokenizerFile.tokens), model.tokenizer);
      if (none)
        add("tokenizer", `expected a folder that holds tokenizer.json, got ${none} at ${model.tokenizer}`);
    }
  }
  if ((model.group === undefined) !== (model.window === undefined)) {
    const [has, lacks] = model.group === undefined ? ["window", "group"] : ["group", "window"];
    add(has, `expected model.group and model.window together, got no model.${lacks}`);
  }
  return problems;
}

interface Unreadable {
  key: "checkpoint" | "base";
  message: string;
}

/**
 * Why what is at a path cannot be used as a model, with what to do; null where it can. Only headers of
 * weights are looked at.
 */
export async function whyUnreadable(path: string, base: string | undefined): Promise<Unreadable | null> {
  const none = await whyNoCheckpoint(path);
  if (none !== null) return { key: "checkpoint", message: none };
  const found = await tried(findModel(path, base));
  if ("why" in found) return { key: base === undefined ? "checkpoint" : "base", message: found.why };
  const opened = await tried(openModel(path, base));
  if ("why" in opened) return { key: "checkpoint", message: opened.why };
  await opened.value.close();
  const why = await whyNoTokenizer(found.value.tokenizer);
  return why === null ? null : { key: "checkpoint", message: why };
}

/** A value, or what the user reads when it cannot be had. Errors that no user can cause are thrown. */
async function tried<T>(promise: Promise<T>): Promise<{ value: T } | { why: string }> {
  try {
    return { value: await promise };
  } catch (error) {
    if (error instanceof ConfigError && error.problems.length > 1)
      return { why: `${error.problems[0]} (and ${error.problems.length - 1} more that do not fit)` };
    if (error instanceof ZebraError) return { why: error.message };
    throw error;
  }
}

async function whyNoTokenizer(folder: string): Promise<string | null> {
  if ((await stat(join(folder, tokenizerFile.tokens)).catch(() => null))?.isFile()) return null;
  const others = (await readdir(folder)).filter((name) =>
    /^(tokenizer\.model|vocab\.(json|txt)|merges\.txt)$/.test(name),
  );
  const expected = `expected ${tokenizerFile.tokens} beside the weights in ${folder}, got`;
  if (others.length === 0) return `${expected} none. Copy it there from where the model is from`;
  return (
    `${expected} ${others.join(" and ")}. Write one, in Python: ` +
    "AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)"
  );
}
