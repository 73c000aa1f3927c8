import type { RunEvent } from "../src/contracts/events.ts";

/**
 * Cleans the texts of an event, so that they cannot move the cursor, hide behind direction marks or add
 * lines: names and messages can come from data. Messages of warnings and failures keep their line breaks,
 * because they are shown in full.
 */
export function cleanEvent<E extends RunEvent>(event: E): E {
  return cleanValue(event, "") as E;
}

function cleanValue(value: unknown, key: string): unknown {
  if (typeof value === "string") {
    const lines = cleanText(value);
    return key === "message" ? lines : lines.replaceAll("\n", " ");
  }
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      cleanText(name).replaceAll("\n", " "),
      cleanValue(item, name),
    ]),
  );
}

/** Replaces control characters, marks without a width, and tabs by spaces, and CRLF by LF. */
function cleanText(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, " ");
}
