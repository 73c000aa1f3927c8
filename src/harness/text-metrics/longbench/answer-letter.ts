/** LongBench v2's extract_answer: the letter that an answer names in the form that was asked for, or null. */
export function answerLetter(response: string): string | null {
  const text = response.replaceAll("*", "");
  const match = /The correct answer is \(([A-D])\)/.exec(text) ?? /The correct answer is ([A-D])/.exec(text);
  return match?.[1] ?? null;
}
