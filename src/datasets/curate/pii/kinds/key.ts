import { type Found, type Part, type PiiPattern, whole } from "../pii-kind.ts";

/** Beginnings that services give their keys, each with the form of what follows. */
const prefixed = [
  "\\d{8,10}:[A-Za-z0-9_-]{34,36}",
  "(?:AKIA|ASIA)[0-9A-Z]{16}",
  "gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\\w{22,255}",
  "glpat-[\\w-]{20,64}|glsa_\\w{30,64}",
  "npm_[A-Za-z0-9]{36}|pypi-[\\w-]{50,255}",
  "hf_[A-Za-z0-9]{30,64}|gsk_[A-Za-z0-9]{40,64}|r8_[A-Za-z0-9]{30,64}|xai-[A-Za-z0-9]{40,120}|nvapi-[\\w-]{40,120}",
  "xox[abeprs]-[A-Za-z0-9-]{10,255}|xapp-[A-Za-z0-9-]{20,255}",
  "AIza[\\w-]{35}|ya29\\.[\\w-]{30,400}|GOCSPX-[\\w-]{24,40}",
  "SG\\.[\\w-]{16,32}\\.[\\w-]{16,64}|key-[0-9a-f]{32}|whsec_[A-Za-z0-9]{24,64}",
  "dop_v1_[0-9a-f]{64}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}|dckr_pat_[\\w-]{20,64}|hvs\\.[\\w-]{24,200}",
  "eyJ[\\w-]{10,2000}\\.eyJ[\\w-]{10,4000}\\.[\\w-]{10,1000}",
].join("|");
const whollyPrefixed = new RegExp(`^(?:${prefixed})$`);
const block =
  "-----BEGIN [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----[\\s\\S]{1,8000}?-----END [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----";
/** OpenAI's, Anthropic's, Stripe's … whose beginning may also be that of other names. */
const dashed = "(?:sk|rk|pk)[-_](?:[a-z0-9]{2,8}[-_]){0,3}[A-Za-z0-9_-]{16,255}";
/** A value of a field or variable that is named as a secret. */
const named =
  "(?:api[ _-]?key|apikey|api[ _-]?token|api[ _-]?secret|secret[ _-]?key|secret[ _-]?access[ _-]?key|access[ _-]?key|access[ _-]?token|auth[ _-]?token|auth[ _-]?key|refresh[ _-]?token|bearer[ _-]?token|client[ _-]?secret|private[ _-]?key|signing[ _-]?key|encryption[ _-]?key|account[ _-]?key|webhook[ _-]?secret|secret|token|password|passwd|pwd|bearer|credentials?)";

export const key: PiiPattern = {
  pattern: new RegExp(
    `(?<block>${block})|(?<![\\w-])(?<prefixed>${prefixed})(?!\\w)|(?<![\\w-])(?<dashed>${dashed})(?!\\w)|` +
      `(?<name>${named})["'\`\\]]{0,2}(?:\\s{0,3}(?:[:=]|:=|=>)\\s{0,3}(?:bearer\\s|basic\\s|token\\s)?|\\s(?:is|was|ist|est|es)\\s|\\s)["'\`]?` +
      "(?:(?<value>(?<![A-Za-z0-9+/_.-])[A-Za-z0-9+/_.~-]{16,512}={0,2})(?![\\w(&!#%^*?@$])|" +
      "(?<=[\"'`])(?<quoted>[^\\s\"'`<>{}()\\[\\]$]{16,128})(?=[\"'`]))|" +
      ":\\/\\/[^\\s:/@]{1,64}:(?<login>[^\\s:/@<>{}$]{8,128})@",
    "gi",
  ),
  placeholder: "<KEY>",
  real(found) {
    const { groups = {} } = found.match;
    const [text] = found.match;
    if (groups.block !== undefined) return whole(found);
    if (groups.prefixed !== undefined) return isPrefixed(text) ? whole(found) : null;
    if (groups.dashed !== undefined)
      return /^[srp]k/.test(text) && text.split(/[-_]/).some(isRandom) ? whole(found) : null;
    return valuePart(found);
  },
};

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function valuePart({ match }: Found): Part | null {
  const { name = "", quoted = "", value = quoted, login } = match.groups ?? {};
  if (login !== undefined) {
    const start = match[0].length - 1 - login.length;
    return hasDigit(login) && entropy(login) >= 3 ? { start, end: start + login.length } : null;
  }
  if (isPrefixed(value)) return partOf(match[0], value);
  // "the token Fj3…" in a sentence: a blank alone joins the words that need no mark between them.
  const isMarked = /[:=]|\b(?:is|was|ist|est|es)\b|^bearer/i.test(
    match[0].slice(0, match[0].length - value.length),
  );
  if (!isMarked && !/^(?:token|key|secret|password)$/i.test(name)) return null;
  if (!uuid.test(value) && !value.split(/[-_.~]/).some(isRandom)) return null;
  return partOf(match[0], value);
}

/** Where the value is, which is at the end. */
function partOf(found: string, value: string): Part {
  const start = found.lastIndexOf(value);
  return { start, end: start + value.length };
}

function isPrefixed(text: string): boolean {
  return whollyPrefixed.test(text) && hasDigit(text);
}

function hasDigit(text: string): boolean {
  return /\d/.test(text);
}

/** Bits a character, as Shannon counts them: words of a language have fewer than random letters. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/**
 * Whether letters and digits are mixed as chance mixes them: a name with a year or number behind it
 * (`customer_history_2024`) is not.
 */
function isRandom(text: string): boolean {
  if (text.length < 16 || !hasDigit(text) || !/[A-Za-z]/.test(text)) return false;
  const changes = text.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
  const isMixedCase = /[a-z]/.test(text) && /[A-Z]/.test(text);
  return entropy(text) >= 3 && (changes >= 3 || (isMixedCase && changes >= 1) || changes >= 2);
}
