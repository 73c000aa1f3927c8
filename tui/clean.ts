import type { RunEvent } from "../src/contracts/events.ts";
import { cleanLine, cleanText } from "../src/quote.ts";

/**
 * Cleans the texts of an event: names and messages can come from data. Messages of warnings and failures keep
 * their line breaks, because they are shown in full.
 */
export function cleanEvent<E extends RunEvent>(event: E): E {
  return cleanValue(event, "") as E;
}

function cleanValue(value: unknown, key: string): unknown {
  if (typeof value === "string") return key === "message" ? cleanText(value) : cleanLine(value);
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [cleanLine(name), cleanValue(item, name)]),
  );
}
