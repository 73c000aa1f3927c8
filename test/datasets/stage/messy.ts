const chat = (question: string, answer: string, more: object = {}) =>
  JSON.stringify({
    messages: [
      { role: "user", content: question },
      { role: "assistant", content: answer },
    ],
    ...more,
  });

/**
 * A file with a byte order mark, both line ends and one line of each kind; `messyOutcome` says what is to
 * come of each.
 */
export function messyLines(): Buffer {
  const lines: (string | Uint8Array)[] = [
    chat("Q1", "A1"),
    `${chat("Q2", "A2", { id: "two", score: 3 })}\r`,
    chat("Q3", "A3", { id: "two" }),
    '{"messages": [',
    "[1, 2]",
    "",
    '{"text": "no messages"}',
    JSON.stringify({ messages: [{ role: "narrator", content: "x" }] }),
    JSON.stringify({
      messages: [
        { role: "user", content: "a" },
        { role: "user", content: "b" },
      ],
    }),
    JSON.stringify({
      messages: [
        { role: "user", content: "a" },
        { role: "user", content: "b" },
        { role: "assistant", content: "c" },
      ],
    }),
    chat("Q", "  "),
    chat("", "A"),
    JSON.stringify({ messages: [{ role: "user", content: 7 }] }),
    `{"messages":[{"role":"user","content":"a\\ud800"},{"role":"assistant","content":"b"}]}`,
    chat("a\0", "b"),
    Buffer.concat([
      Buffer.from('{"messages":[{"role":"user","content":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}]}'),
    ]),
    chat("Q", "A", { context: [{ message: 9, start: 0, end: 1 }] }),
    chat("Last, without an end mark", "A"),
  ];
  const ended = lines.flatMap((line, i) => [
    Buffer.from(line),
    Buffer.from(i === lines.length - 1 ? "" : "\n"),
  ]);
  return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), ...ended]);
}

/** Fate and reason of each line. */
export const messyOutcome = [
  ["kept", ""],
  ["kept", ""],
  ["changed", "duplicate_id"],
  ["dropped", "json_syntax"],
  ["dropped", "not_object"],
  ["dropped", "blank_line"],
  ["dropped", "missing_messages"],
  ["dropped", "unknown_role"],
  ["dropped", "missing_answer"],
  ["dropped", "role_order"],
  ["dropped", "empty_answer"],
  ["dropped", "empty_prompt"],
  ["dropped", "wrong_type"],
  ["changed", "lone_surrogate"],
  ["changed", "nul_character"],
  ["dropped", "invalid_utf8"],
  ["dropped", "schema"],
  ["kept", ""],
] as const;
