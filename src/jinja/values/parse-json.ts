import { integer, PyDict, PyFloat, type Value } from "./values.ts";

const token =
  /[\t\n\r ]*(?:([{}[\],:])|("(?:[^"\\\x00-\x1f]|\\.)*")|(-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)|(true|false|null|NaN|-?Infinity))/y;
const words: Readonly<Record<string, Value>> = {
  true: true,
  false: false,
  null: null,
  NaN: new PyFloat(Number.NaN),
  Infinity: new PyFloat(Number.POSITIVE_INFINITY),
  "-Infinity": new PyFloat(Number.NEGATIVE_INFINITY),
};
const maxDepth = 500;

/**
 * JSON text as template values, as Python's `json.loads` reads it: `1.0` is a float and `1` an int, integers
 * keep all their digits and objects the order of their keys, none of which JSON.parse does. Throws
 * SyntaxError.
 */
export function parseJson(text: string): Value {
  let at = 0;
  const fail = (): never => {
    throw new SyntaxError(`expected JSON, got ${JSON.stringify(text.slice(at, at + 20))} at ${at}`);
  };
  const next = (): RegExpExecArray => {
    token.lastIndex = at;
    const found = token.exec(text);
    if (!found) return fail();
    at = token.lastIndex;
    return found;
  };
  const readValue = (found: RegExpExecArray, depth: number): Value => {
    const [, mark, string, number, fraction, exponent, word] = found;
    if (string !== undefined) return JSON.parse(string) as string;
    if (number !== undefined)
      return fraction || exponent ? new PyFloat(Number(number)) : integer(BigInt(number));
    if (word !== undefined) return words[word]!;
    if (depth > maxDepth)
      throw new SyntaxError(`expected JSON at most ${maxDepth} levels deep, got deeper one`);
    return mark === "[" ? list(depth) : mark === "{" ? dict(depth) : fail();
  };
  const list = (depth: number): Value => {
    const items: Value[] = [];
    let found = next();
    if (found[1] === "]") return items;
    for (;;) {
      items.push(readValue(found, depth + 1));
      const end = next()[1];
      if (end === "]") return items;
      if (end !== ",") fail();
      found = next();
    }
  };
  const dict = (depth: number): Value => {
    const result = new PyDict();
    let found = next();
    if (found[1] === "}") return result;
    for (;;) {
      if (found[2] === undefined || next()[1] !== ":") fail();
      result.put(JSON.parse(found[2]!) as string, readValue(next(), depth + 1));
      const end = next()[1];
      if (end === "}") return result;
      if (end !== ",") fail();
      found = next();
    }
  };
  const value = readValue(next(), 0);
  if (text.slice(at).trim() !== "") fail();
  return value;
}
