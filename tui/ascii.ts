/**
 * Characters of one column for terminals that cannot show others. Texts keep their width, so a frame is laid
 * out the same way in every locale.
 */
const signs: Readonly<Record<string, string>> = {
  "○": ".",
  "●": "*",
  "✔": "+",
  "■": "#",
  "✖": "x",
  "◇": "o",
  "◆": "O",
  "▲": "^",
  "▼": "v",
  "▸": ">",
  "━": "=",
  "─": "-",
  "│": "|",
  "┤": "+",
  "└": "+",
  "–": "-",
  "—": "-",
  "−": "-",
  "·": "|",
  "…": "~",
  "→": ">",
  "←": "<",
  "↑": "^",
  "↓": "v",
  "×": "x",
  "≥": ">",
  "≤": "<",
  "‘": "'",
  "’": "'",
  "“": '"',
  "”": '"',
};

/** Whether the locale is a UTF-8 one: the first of these that is set decides, as in POSIX. */
export function isUtf8(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): boolean {
  if (platform === "win32") return true; // has no locale, and its terminals show Unicode
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  return /utf-?8/i.test(locale);
}

/**
 * The text in ASCII and as wide: known signs by ones that look like them, curves by dots, the rest by `?`.
 */
export function toAscii(text: string): string {
  return text.replace(/[^\x00-\x7f]/gu, (char) => {
    const code = char.codePointAt(0)!;
    if (code >= 0x2800 && code <= 0x28ff) return dots(code - 0x2800);
    if (/\p{Mark}/u.test(char)) return "";
    return signs[char] ?? (isWide(code) ? "??" : "?");
  });
}

/** The text with the known signs in ASCII, and everything else as it is: names and paths stay usable. */
export function signsToAscii(text: string): string {
  return text.replace(/[^\x00-\x7f]/gu, (char) => signs[char] ?? char);
}

/** A braille character's dots by their height. */
function dots(bits: number): string {
  const [high, middle, low] = [bits & 0x09, bits & 0x36, bits & 0xc0];
  if (high && low) return "|";
  if (high) return middle ? '"' : "'";
  if (low) return middle ? ":" : ".";
  return middle ? "-" : " ";
}

/** East Asian wide characters and emoji, which take two columns. */
export function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}
