import { isUtf8, signsToAscii } from "../../../tui/ascii.ts";
import { cleanText } from "../../quote.ts";

/**
 * Says something that is no result, on stderr, so that what is on stdout stays as it is. Everything that the
 * command says there goes through here, because messages can quote data.
 */
export function writeNote(message: string): void {
  const clean = cleanText(message);
  process.stderr.write(`zebra: ${isUtf8(process.env) ? clean : signsToAscii(clean)}\n`);
}
