import { isList, PyFloat, type Value } from "../../../jinja/values/values.ts";
import { type Checker, fail, mapping } from "./checker.ts";
import { noFunctions } from "./fields.ts";

/** Upstream's, where a task that generates does not say how. */
function usual(delimiter: string): Record<string, Value> {
  return { temperature: new PyFloat(0), do_sample: false, max_gen_toks: 256, until: [delimiter] };
}

/** `generation_kwargs` with upstream's defaults in; empty for a task that does not generate. */
export function generationOf(
  check: Checker,
  isGenerating: boolean,
  delimiter: string,
): Record<string, Value> {
  const kwargs = mapping(check, "generation_kwargs");
  if (kwargs === undefined) return isGenerating ? usual(delimiter) : {};
  if (!isGenerating) check.warnings.push("generation_kwargs: have no effect: the task does not generate");
  const at = (key: string) => `generation_kwargs.${key}`;
  const result = new Map(kwargs);
  for (const [key, value] of kwargs) noFunctions(check, at(key), value);
  if (kwargs.has("temperature")) {
    const temperature = numberOf(kwargs.get("temperature")!);
    if (temperature === undefined) fail(check, at("temperature"), "a number", kwargs.get("temperature"));
    else result.set("temperature", new PyFloat(temperature));
  }
  const until = kwargs.get("until");
  if (until === undefined) result.set("until", [delimiter]);
  else if (typeof until !== "string" && !(isList(until) && until.every((one) => typeof one === "string")))
    fail(check, at("until"), "text or a list of texts", until);
  for (const key of ["max_gen_toks", "max_new_tokens", "max_tokens"]) {
    const value = kwargs.get(key);
    const limit = value instanceof PyFloat ? value.value : value;
    if (value !== undefined && !(typeof limit === "number" && Number.isInteger(limit) && limit >= 1))
      fail(check, at(key), "a whole number of at least 1", value);
  }
  return Object.fromEntries(result);
}

/** Python's `float(value)` of what a file may say. */
function numberOf(value: Value): number | undefined {
  if (value instanceof PyFloat) return value.value;
  if (typeof value === "number" || typeof value === "boolean") return Number(value);
  if (typeof value === "string" && /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value))
    return Number(value);
  return undefined;
}
