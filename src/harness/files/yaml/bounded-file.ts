import { readFileSync, realpathSync, statSync } from "node:fs";
import { DataError } from "../../../errors.ts";

/** The longest of the harness's own has a sixteenth of it. */
export const maxFileBytes = 2 ** 20;

/** What YAML may not have (libyaml refuses it too): NUL, other controls, halves of surrogate pairs. */
const unprintable = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * A task file's text. Throws DataError for what is no regular file (reading a pipe or a device would not
 * end), is too large, or is no text.
 */
export function readTaskFile(path: string): string {
  const text = decode(path, readBounded(path));
  const found = unprintable.exec(text);
  if (found) {
    const code = (found[0].codePointAt(0) ?? 0).toString(16).padStart(4, "0").toUpperCase();
    const line = text.slice(0, found.index).split("\n").length;
    throw new DataError(`${path}: line ${line}: expected text, got the character U+${code}`);
  }
  return text;
}

function readBounded(path: string): Uint8Array {
  try {
    const info = statSync(path);
    if (!info.isFile()) throw new DataError(`${path}: expected a file, got ${kindOf(info)}`);
    if (isOfSystem(path)) throw new DataError(`${path}: expected a file, got one that the system makes up`);
    if (info.size > maxFileBytes)
      throw new DataError(`${path}: expected at most ${maxFileBytes} bytes, got ${info.size}`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const got = code === "ENOENT" ? "none (no such file)" : code === "ELOOP" ? "links in a circle" : code;
    throw new DataError(`${path}: expected a file that can be read, got ${got}`);
  }
}

/** Such files say that they are regular, and may never end. */
export function isOfSystem(path: string): boolean {
  return /^\/(?:proc|sys|dev)\//.test(realpathSync.native(path));
}

function kindOf(info: ReturnType<typeof statSync> & object): string {
  if (info.isDirectory()) return "a folder";
  if (info.isFIFO()) return "a pipe";
  return info.isSocket() ? "a socket" : "a device";
}

/** UTF-8 or UTF-16, as a byte order mark says. */
function decode(path: string, bytes: Uint8Array): string {
  const [a, b] = bytes;
  const encoding = a === 0xff && b === 0xfe ? "utf-16le" : a === 0xfe && b === 0xff ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new DataError(`${path}: expected text in UTF-8, got other bytes`);
  }
}
