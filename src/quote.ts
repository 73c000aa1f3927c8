/** An argument as a POSIX shell reads it: in quotes where it needs them. */
export function quoteForShell(argument: string): string {
  return /^[\w./:=@%+,-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

/**
 * A text inside HTML or SVG, or inside an attribute there. It can come from data: control characters, and
 * marks that turn the direction of what follows, are shown as U+FFFD, or a page would show words that are not
 * there.
 */
export function escapeHtml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd")
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A regular expression's source that matches just this text. */
export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/**
 * A name or a message as it may reach a terminal. It can come from data, and must not move the cursor,
 * colour, hide behind direction marks or add lines that look like ours: control characters, marks without a
 * width, and tabs become spaces. Line breaks stay, CRLF as LF.
 */
export function cleanText(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, " ");
}

/** `cleanText` on one line. */
export function cleanLine(text: string): string {
  return cleanText(text).replaceAll("\n", " ");
}

/**
 * A text that is shown for its own sake. Marks that words are written with stay (joiners, tabs); what is
 * replaced can be seen.
 */
export function cleanProse(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, "\ufffd");
}
