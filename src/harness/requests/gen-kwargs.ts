import { PyFloat, type Value } from "../../jinja/values/values.ts";

/**
 * `--gen_kwargs` of lm-evaluation-harness: `max_gen_toks=6,do_sample=true` (utils.py,
 * simple_parse_args_string). true and false, whole numbers and floats are what they look like, all else text.
 */
export function parseGenKwargs(text: string): Record<string, Value> {
  const found: Record<string, Value> = {};
  for (const part of text.trim().split(",")) {
    if (part === "") continue;
    const at = part.indexOf("=");
    found[at < 0 ? part : part.slice(0, at)] = typed(at < 0 ? "" : part.slice(at + 1));
  }
  return found;
}

function typed(text: string): Value {
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  if (/^\d+$/.test(text)) return Number(text);
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return new PyFloat(Number(text));
  return text;
}
