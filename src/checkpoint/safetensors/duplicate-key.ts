/**
 * The first key that occurs twice in one object of a JSON text, or undefined. JSON.parse silently keeps the
 * last value, and another reader may keep the first. `text` must be JSON that JSON.parse accepts.
 */
export function duplicateKey(text: string): string | undefined {
  /** Keys seen in each open object; null for an open array. */
  const open: (Set<string> | null)[] = [];
  let keyNext = false;
  for (let i = 0; i < text.length; i++) {
    switch (text[i]) {
      case "{":
        open.push(new Set());
        keyNext = true;
        break;
      case "[":
        open.push(null);
        keyNext = false;
        break;
      case "}":
      case "]":
        open.pop();
        break;
      case ",":
        keyNext = open.at(-1) instanceof Set;
        break;
      case '"': {
        const start = i;
        for (i++; text[i] !== '"'; i++) if (text[i] === "\\") i++;
        const keys = open.at(-1);
        if (keyNext && keys) {
          const key = JSON.parse(text.slice(start, i + 1)) as string;
          if (keys.has(key)) return key;
          keys.add(key);
          keyNext = false;
        }
        break;
      }
    }
  }
  return undefined;
}
