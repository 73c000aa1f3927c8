import { ConfigError } from "../../../errors.ts";
import { type EndpointGiven, type EndpointRespondent, endpointRespondent } from "./endpoint.ts";
import { endpointProblems } from "./problems.ts";
import { textCoder } from "./text-coder.ts";

/**
 * The endpoint that a recipe or command names, with its tokenizer where it names one. Sends nothing. Throws
 * ConfigError for options that cannot be used, CheckpointError and DataError for such a tokenizer. `note` is
 * told what a reader of the results should know.
 */
export async function openEndpoint(
  given: Omit<EndpointGiven, "coder"> & { note(message: string): void },
): Promise<EndpointRespondent> {
  const { options, env, where = "eval.endpoint", note, ...rest } = given;
  const problems = endpointProblems(options, where, env);
  if (problems.length > 0) throw new ConfigError(where, problems);
  const coder = options.tokenizer === undefined ? undefined : await textCoder(options.tokenizer, note);
  return endpointRespondent({ ...rest, options, env, where, ...(coder && { coder }) });
}
