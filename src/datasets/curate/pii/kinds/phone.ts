import type { Part, PiiPattern } from "../pii-kind.ts";

/** Words before a number that say what it is. */
const called =
  /(?:\b(?:tel|telephone|phone|phones|call|called|calls|calling|mobile|cell|cellphone|fax|whatsapp|signal|sms|text(?:ed)?|dial|hotline|helpline|ring|rang|reach(?:able)?|contact|telefon|telefonnummer|rufnummer|handy|mobil|anrufen|ruf|rufen|téléphone|tél|portable|appelez|appeler|appelle|joindre|teléfono|móvil|llama|llame|llámame|llamar|telefono|cellulare|chiama|chiamare|telefone|celular|ligue|ligar|telefoon|bel|bellen|puhelin|puh|tlf|gsm|fono|numer)(?![-\w])|телефон|тел\b|звоните|позвоните|电话|電話|手机|手機|携帯|전화|휴대폰|फ़?ोन|मोबाइल|هاتف|טלפון)(?:[^\d\n]{0,30})$/iu;
/** Words before a number that say that it is another one. */
const otherNumber =
  /(?:\b(?:id|ids|order|orders|ticket|case|ref|reference|sku|part|serial|s\/n|p\/n|isbn|issn|doi|issue|invoice|account|acct|tracking|model|batch|lot|item|version|build|iban|ssn|vat|uuid|guid|hash|commit|pages?|pp|vol|bestellung|rechnung|\w{1,20}nummer|\w{1,20}nr|pedido|commande|facture|ordine)|#|№)[\s.:#"'=(-]{0,4}(?:(?:no|number|num|nr|id|is)[\s.:#"'=]{0,3})?$/iu;
const [day, month, year] = ["(?:0?[1-9]|[12]\\d|3[01])", "(?:0?[1-9]|1[0-2])", "(?:19|20)\\d{2}"];
const date = new RegExp(
  `^(?:${day}([./ -])${month}\\1${year}(?!\\d)|${day}([./-])${month}\\2\\d{2}(?!\\d|\\2\\d)|` +
    `${year}([./ -])${month}\\3${day}(?!\\d)|${month}[./-]${year}(?!\\d))`,
);

/** Digits of whole international numbers by their beginning; others have at most 15 (E.164). */
const lengths: Readonly<Record<string, number>> = {
  "1": 11,
  "7": 11,
  "20": 12,
  "27": 11,
  "30": 12,
  "31": 11,
  "32": 11,
  "33": 11,
  "34": 11,
  "36": 11,
  "39": 13,
  "40": 11,
  "41": 11,
  "44": 12,
  "45": 10,
  "46": 12,
  "47": 10,
  "48": 11,
  "49": 14,
  "51": 11,
  "52": 13,
  "54": 13,
  "55": 13,
  "56": 11,
  "57": 12,
  "61": 11,
  "62": 14,
  "63": 12,
  "64": 12,
  "65": 10,
  "66": 11,
  "81": 12,
  "82": 12,
  "84": 12,
  "86": 13,
  "90": 12,
  "91": 12,
  "92": 12,
  "98": 12,
  "351": 12,
  "352": 12,
  "353": 12,
  "358": 13,
  "380": 12,
  "420": 12,
  "852": 11,
  "886": 12,
  "971": 12,
  "972": 12,
};

const international =
  "(?:\\+|00(?=[1-9]\\d{0,2} ))[1-9]\\d{0,14}(?:[ ./-]?\\(0?\\d{1,5}\\))?(?:[ ./-]?\\d{1,8}){0,6}";
const american = "(?:\\+?1[ .-])?(?:\\([2-9]\\d{2}\\)[ -]?|[2-9]\\d{2}[.-])[1-9]\\d{2}[ .-]\\d{4}";
const inParentheses = "(?:[78] ?)?\\(\\d{2,3}\\)[ -]?\\d{3,5}[ -]\\d{2,4}(?:[ -]\\d{2})?";
const withZero = "\\(?0[1-9]\\d{0,3}\\)?[ ./-]\\d{2,8}(?:[ .-]\\d{2,5}){0,4}";
const chinese = "1[3-9]\\d[ -]\\d{4}[ -]\\d{4}";
const said = "[1-9]\\d{1,11}(?:[ .-]\\d{2,8}){0,5}";

export const phone: PiiPattern = {
  pattern: new RegExp(
    "(?<![\\w.+/=%$€£°-]|\\d[ .,-]|[\\p{sc=Latin}\\p{sc=Cyrillic}_])" +
      `(?:(?<intl>${international})|(?<us>${american})|(?<paren>${inParentheses})|(?<zero>${withZero})|` +
      `(?<cn>${chinese})|(?<said>${said}))(?![\\p{sc=Latin}\\p{sc=Cyrillic}\\d_]|[-/:.,]\\d|-\\p{L}|%)`,
    "gu",
  ),
  placeholder: "<PHONE_NUMBER>",
  real(found) {
    const [text] = found.match;
    const { intl, us, paren, zero } = found.match.groups ?? {};
    // `call foo(1234567890)` is code.
    const isCalled = called.test(found.before) && !/\w\($/.test(found.before);
    if (intl !== undefined) return internationalPart(intl);
    if (date.test(text) || isYears(text) || /[€$£¥]\s?$/.test(found.before)) return null;
    const digits = digitsOf(text).length;
    const all: Part = { start: 0, end: text.length };
    if (isCalled) return digits >= 7 && digits <= 12 && !isDecimal(text) ? all : null;
    if (isSeries(text) || found.match.groups?.said !== undefined || otherNumber.test(found.before))
      return null;
    if (us !== undefined) return all;
    if (paren !== undefined) return digits >= 9 && digits <= 12 ? all : null;
    if (zero !== undefined)
      return digits >= 9 && digits <= 12 && !isDecimal(text) && isLaidOut(text) ? all : null;
    return all;
  },
};

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

/** 1939-1945, and figures in hundreds: 200-300-4000. */
function isYears(text: string): boolean {
  return /^(?:1\d|20)\d{2}[ -](?:1\d|20)\d{2}$/.test(text) || /^\d00-\d00-\d{2}00$/.test(text);
}

/** One point is a decimal's; numbers of telephones have several or none. */
function isDecimal(text: string): boolean {
  return /^\d+\.\d+$/.test(text);
}

/** 05 12 23 34 45: a list of numbers that grow, as of a lottery. */
function isSeries(text: string): boolean {
  const parts = text
    .split(/\D+/)
    .filter((part) => part !== "")
    .map(Number);
  return parts.length > 4 && parts.every((part, i) => i === 0 || part > parts[i - 1]!);
}

/**
 * Whether a national number with its zero is divided as such numbers are: not into five parts of another
 * size.
 */
function isLaidOut(text: string): boolean {
  const parts = text.split(/\D+/).filter((part) => part !== "");
  return parts.length < 5 ? parts.length > 1 : parts.slice(1).every(({ length }) => length === 2);
}

/** The number without what stands behind it: "+1 212 555 0182 2024" has eleven digits. */
function internationalPart(text: string): Part | null {
  const digits = digitsOf(text).replace(/^00/, "");
  const known = [3, 2, 1]
    .map((size) => lengths[digits.slice(0, size)])
    .find((length) => length !== undefined);
  // "+49 (0)30": the zero in parentheses is not dialled.
  const most = (known ?? 15) + (/\(0/.test(text) ? 1 : 0) + (text.startsWith("00") ? 2 : 0);
  const isCompact = /^\+?\d+$/.test(text);
  // "+3.14159265" and "+1/12345678" are no numbers to call.
  if (/^\+\d+[./]\d+$/.test(text)) return null;
  let end = 0;
  let count = 0;
  for (const part of text.matchAll(/\d+|\D+/g)) {
    const isNumber = /^\d/.test(part[0]);
    if (isNumber && count + part[0].length > most) break;
    if (isNumber) {
      count += part[0].length;
      end = part.index + part[0].length;
    }
  }
  return count >= (isCompact ? 9 : 8) && count <= most ? { start: 0, end } : null;
}
