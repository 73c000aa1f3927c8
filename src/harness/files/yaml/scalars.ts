import { integer, PyFloat, type Value } from "../../../jinja/values/values.ts";

/**
 * Which plain words YAML 1.1 takes for something other than text, as PyYAML has it: `1e3` and `+.5` are
 * words, `1_000` and `010` (eight) are integers, `no` is false, `1:30` is ninety.
 */
const boolean = /^(?:(yes|Yes|YES|true|True|TRUE|on|On|ON)|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const float =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const int =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const nothing = /^(?:~|null|Null|NULL|)$/;
const date = /^\d{4}-\d{2}-\d{2}$/;
const time =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(?:Z|([-+])(\d\d?)(?::?(\d\d))?))?$/;

/** Python refuses to read longer integers. */
const maxDigits = 4300;

/** A plain scalar's value. Throws RangeError for a number that Python does not read. */
export function plainValue(text: string): Value {
  const word = boolean.exec(text);
  if (word) return word[1] !== undefined;
  if (nothing.test(text)) return null;
  if (float.test(text)) return floatOf(text);
  if (int.test(text)) return intOf(text);
  if (date.test(text) || time.test(text)) return dateText(text);
  return text;
}

/** What an explicit tag (`!!int "3"`) makes of a text; undefined for a tag that is not known. */
export function taggedValue(tag: string, text: string): Value | undefined {
  switch (tag) {
    case "str":
      return text;
    case "null":
      return null;
    case "int":
      return intOf(text);
    case "float":
      return floatOf(text);
    case "bool": {
      const word = boolean.exec(text.toLowerCase());
      if (!word) throw new RangeError(`expected true or false, got ${JSON.stringify(text)}`);
      return word[1] !== undefined;
    }
    case "timestamp":
      return dateText(text);
    default:
      return undefined;
  }
}

function intOf(given: string): Value {
  const text = given.replaceAll("_", "");
  if (text.length > maxDigits)
    throw new RangeError(`expected an integer of at most ${maxDigits} digits, got ${text.length}`);
  const sign = text.startsWith("-") ? -1n : 1n;
  const digits = text.replace(/^[-+]/, "");
  const said = /^0[0-7]+$/.test(digits) ? `0o${digits}` : digits;
  if (!/^(?:0b[01]+|0o[0-7]+|0x[0-9a-f]+|[1-9]\d*(?::\d+)*|0)$/i.test(said))
    throw new RangeError(`expected an integer, got ${JSON.stringify(given)}`);
  const value = said.split(":").reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  return integer(sign * value);
}

function floatOf(given: string): PyFloat {
  const text = given.replaceAll("_", "").toLowerCase();
  const sign = text.startsWith("-") ? -1 : 1;
  const digits = text.replace(/^[-+]/, "");
  if (digits === ".inf") return new PyFloat(sign * Number.POSITIVE_INFINITY);
  if (digits === ".nan") return new PyFloat(Number.NaN);
  const parts = digits.split(":");
  if (!parts.every((part) => /^(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/.test(part)))
    throw new RangeError(`expected a number, got ${JSON.stringify(given)}`);
  return new PyFloat(sign * parts.reduce((sum, part) => sum * 60 + Number(part), 0));
}

/**
 * PyYAML makes a date of it. Templates cannot do more with one than print it, so it is the text that Python
 * prints.
 */
function dateText(text: string): string {
  const found = time.exec(text);
  if (!found) return text;
  const [, year, month = "", day = "", hour = "", minute, second, fraction, sign, zoneHour, zoneMinute] =
    found;
  const two = (digits: string) => digits.padStart(2, "0");
  const micros = (fraction ?? "").slice(0, 6).padEnd(6, "0");
  const isUtc = /Z$/.test(text);
  const zone = isUtc ? "+00:00" : sign ? `${sign}${two(zoneHour ?? "0")}:${zoneMinute ?? "00"}` : "";
  const tail = micros === "000000" ? "" : `.${micros}`;
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${minute}:${second}${tail}${zone}`;
}
