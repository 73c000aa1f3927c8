import { UsageError } from "../exit.ts";

/**
 * Throws UsageError for what a command was given as a model and cannot be read as one, with what to do about
 * it, as recipes say it: a name on the Hub, a GGUF, pickles, a folder one level too high. `named` is the
 * option or argument.
 */
export async function refuseNoModel(named: string, path: string, base?: string): Promise<void> {
  const { whyUnreadable } = await import("../../run/recipe/check-model.ts");
  const wrong = await whyUnreadable(path, base);
  if (wrong !== null) throw new UsageError(`${named} ${path}: ${wrong.message}`);
}
