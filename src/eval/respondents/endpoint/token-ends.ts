/**
 * Where each token of an echoed prompt ends in it, in bytes of UTF-8; a token that the server put before the
 * prompt (BOS) ends at 0. Tokens after the prompt, which were generated, are left out. Null where the tokens
 * do not add up to the prompt, as where a server shows parts of a character as U+FFFD and gives no true
 * offsets: which tokens belong to which text would be a guess. `count`: of the prompt's tokens, where the
 * server says it; offsets that disagree with it are not the prompt's.
 */
export function tokenEnds(
  prompt: string,
  tokens: readonly string[],
  offsets: readonly number[] | null | undefined,
  count?: number,
): number[] | null {
  const bytes = Buffer.from(prompt);
  const byTexts = endsByTexts(bytes, tokens, 0) ?? endsByTexts(bytes, tokens, 1);
  if (byTexts !== null || offsets?.length !== tokens.length) return byTexts;
  const byOffsets = endsByOffsets(prompt, tokens, offsets);
  return byOffsets?.length === (count ?? byOffsets?.length) ? byOffsets : null;
}

/** `before`: so many tokens stand before the prompt. */
function endsByTexts(prompt: Buffer, tokens: readonly string[], before: number): number[] | null {
  const ends = tokens.slice(0, before).map(() => 0);
  let at = 0;
  for (const token of tokens.slice(before)) {
    if (at === prompt.length) break;
    const part = [Buffer.from(token), bytesOf(token)].find(
      (own) => own !== null && prompt.subarray(at, at + own.length).equals(own),
    );
    if (!part) return null;
    at += part.length;
    ends.push(at);
  }
  return at === prompt.length ? ends : null;
}

/** The bytes of a token that is part of a character, as OpenAI writes it: `bytes:\xe2\x80`. */
function bytesOf(token: string): Buffer | null {
  return /^bytes:(?:\\x[0-9a-f]{2})+$/i.test(token)
    ? Buffer.from(token.slice("bytes:".length).replaceAll("\\x", ""), "hex")
    : null;
}

/** Offsets are in code points. Every token whose text is whole must stand where its offset says. */
function endsByOffsets(
  prompt: string,
  tokens: readonly string[],
  offsets: readonly number[],
): number[] | null {
  const points = [...prompt];
  const byteAt = [0];
  for (const point of points) byteAt.push(byteAt.at(-1)! + Buffer.byteLength(point));
  const ends: number[] = [];
  for (const [i, token] of tokens.entries()) {
    const start = offsets[i]!;
    if (start < (offsets[i - 1] ?? 0)) return null;
    if (start >= points.length) break;
    const end = Math.min(offsets[i + 1] ?? points.length, points.length);
    const isWhole = !token.includes("\ufffd") && bytesOf(token) === null;
    if (isWhole && points.slice(start, end).join("") !== token) return null;
    ends.push(byteAt[end]!);
  }
  return offsets[0] === 0 && ends.at(-1) === byteAt.at(-1) ? ends : null;
}
