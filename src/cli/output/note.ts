/** Says something that is no result, on stderr, so that what is on stdout stays as it is. */
export function writeNote(message: string): void {
  process.stderr.write(`zebra: ${message}\n`);
}
