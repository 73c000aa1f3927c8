import { expect, test } from "vitest";
import type { RunEvent } from "../../src/contracts/events.ts";
import { createEndTexts } from "../../src/mixing/end-texts.ts";
import { exampleOf } from "./data-folder.ts";

function warningsOf(answers: readonly string[], eosToken: string | null): string[] {
  const texts = createEndTexts({ eosToken });
  for (const content of answers) {
    const messages = [
      { role: "user" as const, content: "How does a turn end? </s>" },
      { role: "assistant" as const, content },
    ];
    texts.add({ ...exampleOf({ messages }), id: `d/${content}` });
  }
  const events: RunEvent[] = [];
  texts.warn({ runDir: "", emit: (event) => events.push(event), stop: { stopped: false } });
  return events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
}

test("answers that end with the text of an end token, this tokenizer's or another's, are told", () => {
  expect(warningsOf(["Fine.", "It ends.<|im_end|>\n", "So.</s>", "Done.[STOP]"], "[STOP]")).toEqual([
    expect.stringMatching(
      /^3 of 4 examples have an answer .* \(first: d\/It ends.*, message 2: <\|im_end\|>\)/s,
    ),
  ]);
});

test("nothing is told of others, nor of questions", () => {
  expect(warningsOf(["Fine.", "</s> is the end of a text."], "</s>")).toEqual([]);
});
