import { expect, it } from "vitest";
import { verdictView } from "../../../tui/views/verdict-lines.ts";
import { freshState } from "../harness.tsx";

it("what more there is to say of the figures stands before the cost, in as many lines as it needs", () => {
  const verdict = {
    ...{ summary: "", headlines: [], advice: [], next: [], files: [] },
    cost: { durationMs: 1, stages: [], text: "1 s" },
    notes: [{ name: "length", text: "long-probe, effective length: base 512 tokens, tuned 2,048 tokens" }],
  };
  const end = { type: "run.end", status: "done", runDir: "/r", durationMs: 1 } as const;
  const { body } = verdictView({ ...freshState(), verdict }, end, 60);
  const lines = body.map((line) =>
    line
      .map(({ text }) => text)
      .join("")
      .trimEnd(),
  );
  const at = lines.indexOf("length     long-probe, effective length: base 512 tokens,");
  expect(lines.slice(at, at + 3)).toEqual([
    "length     long-probe, effective length: base 512 tokens,",
    "           tuned 2,048 tokens",
    "cost       1 s",
  ]);
});
