import { type EndpointOptions, endpointSchema } from "../../contracts/recipe/endpoint.ts";
import { ConfigError } from "../../errors.ts";
import { readOptions } from "../../recipe/options.ts";
import { applyOverride, parseOverride } from "../../recipe/override.ts";

const where = "--endpoint";

/**
 * The model that `--endpoint url=… model=…` names. Throws ConfigError with everything that is wrong with it,
 * but for what only the environment can say.
 */
export function endpointOptions(given: readonly string[]): EndpointOptions {
  const problems: string[] = [];
  const options: Record<string, unknown> = {};
  for (const text of given) {
    const override = parseOverride(text);
    const problem = typeof override === "string" ? override : applyOverride(options, override);
    if (problem !== undefined) problems.push(`${where}: ${problem}`);
  }
  const read = problems.length === 0 ? readOptions(endpointSchema, options, where, problems) : null;
  if (read === null) throw new ConfigError(where, problems);
  return read;
}
