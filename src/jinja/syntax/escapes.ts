const simple: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/**
 * A string literal's content with Python's escapes resolved; one that is not known stays as it is written.
 */
export function unescapeText(written: string): string {
  if (!written.includes("\\")) return written;
  return written.replace(
    /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g,
    (all, octal?: string, byte?: string, unit?: string, point?: string, other?: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      const hex = byte ?? unit ?? point;
      if (hex !== undefined) {
        const code = Number.parseInt(hex, 16);
        if (code > 0x10ffff) throw new Error(`expected an escape of a character, got ${all}`);
        return String.fromCodePoint(code);
      }
      if (/[xuUN]/.test(other!)) throw new Error(`expected a whole escape, got ${all}`);
      return simple[other!] ?? all;
    },
  );
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "'": "&#39;",
  '"': "&#34;",
};

/** Text as it may stand in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>'"]/g, (char) => entities[char]!);
}
