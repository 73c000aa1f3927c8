/**
 * JSON text with each of its texts, keys too, as `map` makes it; texts that stay, and numbers, keep their
 * spelling.
 */
export function mapJsonText(json: string, map: (text: string) => string): string {
  return mapJsonParts(json, (written) => {
    const text = JSON.parse(written) as string;
    const mapped = map(text);
    return mapped === text ? written : JSON.stringify(mapped);
  });
}

/**
 * JSON text with each of its texts (in their quotes) and all between them as the functions make it. A
 * pattern for texts would run out of stack on one of some megabytes with many escapes.
 */
export function mapJsonParts(
  json: string,
  mapText: (written: string) => string,
  mapBetween: (between: string) => string = (between) => between,
): string {
  let mapped = "";
  for (let at = 0; at < json.length; ) {
    const start = json.indexOf('"', at);
    if (start < 0) return mapped + mapBetween(json.slice(at));
    const end = endOfText(json, start);
    if (start > at) mapped += mapBetween(json.slice(at, start));
    mapped += mapText(json.slice(start, end));
    at = end;
  }
  return mapped;
}

/** Where the JSON text (in its quotes) that begins at `start` ends; the end of `json` where it does not. */
export function endOfText(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let slashes = 0;
    while (json[end - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
  return json.length;
}
