import { describe, expect, it } from "vitest";
import { documentsOf, type PromptSettings } from "../../../src/harness/requests/documents.ts";
import type { Turn } from "../../../src/harness/respondent.ts";
import type { TaskConfig } from "../../../src/harness/task-config.ts";
import { fromJs } from "../../../src/jinja/values/from-js.ts";
import type { PyDict } from "../../../src/jinja/values/values.ts";

const row = (given: object) => fromJs(given) as PyDict;

function config(changes: Partial<TaskConfig> = {}): TaskConfig {
  return {
    task: "mine",
    file: "mine.yaml",
    tags: [],
    dataset_kwargs: {},
    test_split: "test",
    doc_to_text: "Q: {{q}}\nA:",
    doc_to_target: "{{a}}",
    description: "",
    target_delimiter: " ",
    fewshot_delimiter: "\n\n",
    fewshot_config: { sampler: "first_n", split: "train", target_delimiter: " ", fewshot_delimiter: "\n\n" },
    output_type: "generate_until",
    generation_kwargs: {},
    repeats: 1,
    should_decontaminate: false,
    metadata: {},
    warnings: [],
    ...changes,
  };
}

const plain: PromptSettings = { numFewshot: 0, fewshotSeed: 1234 };
const train = [row({ q: "one?", a: "1" }), row({ q: "two?", a: "2" })];

function argumentsOf(
  task: TaskConfig,
  asked: object,
  settings: Partial<PromptSettings> = {},
  pool: readonly PyDict[] = train,
) {
  const first = row(asked);
  const rows = { asked: [{ docId: 0, row: first }], first, pool };
  return documentsOf(task, rows, { ...plain, ...settings }).documents[0]!.arguments;
}

/** Shows what a chat template would be given. */
const chat = (asMultiturn: boolean) => ({
  asMultiturn,
  render: (turns: readonly Turn[], isOpen: boolean) =>
    `${turns.map(({ role, content }) => `<${role}>${content}`).join("")}${isOpen ? "<assistant>" : ""}`,
});

// Prompts that lm-evaluation-harness 0.4.13 made of the same tasks and rows.
describe("prompts of a task", () => {
  const shown = "Q: one?\nA: 1\n\nQ: two?\nA: 2\n\n";

  it("begin with description and examples", () => {
    const context = argumentsOf(
      config({ description: "Be brief.\n\n" }),
      { q: "x?", a: "" },
      { numFewshot: 2 },
    )[0]![0];
    expect(context).toBe(`Be brief.\n\n${shown}Q: x?\nA:`);
  });

  it("join system instruction and description unless white space is there", () => {
    const asked = (description: string) =>
      argumentsOf(config({ description }), { q: "x?", a: "" }, { systemInstruction: "Know." })[0]![0];
    expect(asked("Be brief.")).toBe("Know.\n\nBe brief.Q: x?\nA:");
    expect(asked("\nBe brief.")).toBe("Know.\nBe brief.Q: x?\nA:");
    expect(asked("")).toBe("Know.Q: x?\nA:");
  });

  it("as conversations have examples in one turn or in several", () => {
    const asked = { q: "x?", a: "" };
    const given = { numFewshot: 2, systemInstruction: "Know." };
    expect(argumentsOf(config(), asked, { ...given, chat: chat(false) })[0]![0]).toBe(
      `<system>Know.<user>${shown}Q: x?\nA:<assistant>`,
    );
    expect(argumentsOf(config(), asked, { ...given, chat: chat(true) })[0]![0]).toBe(
      "<system>Know.<user>Q: one?\nA:<assistant>1<user>Q: two?\nA:<assistant>2<user>Q: x?\nA:<assistant>",
    );
  });

  it("may begin the answer", () => {
    const task = config({
      gen_prefix: "It is",
      fewshot_config: { ...config().fewshot_config, gen_prefix: "It is" },
    });
    const asked = { q: "x?", a: "" };
    const withPrefix = "Q: one?\nA: It is 1\n\nQ: x?\nA: It is";
    expect(argumentsOf(task, asked, { numFewshot: 1 })[0]![0]).toBe(withPrefix);
    expect(argumentsOf(task, asked, { numFewshot: 1, chat: chat(true) })[0]![0]).toBe(
      "<user>Q: one?\nA:<assistant>It is 1<user>Q: x?\nA:<assistant>It is",
    );
    expect(argumentsOf(task, asked, { numFewshot: 1, chat: chat(false) })[0]![0]).toBe(
      "<user>Q: one?\nA: It is 1\n\nQ: x?\nA:<assistant>It is",
    );
  });

  it("have one continuation for each choice, without delimiter in a conversation", () => {
    const task = config({
      output_type: "multiple_choice",
      doc_to_choice: ["yes", "no"],
      doc_to_target: "{{a}}",
    });
    const asked = { q: "x?", a: 1 };
    expect(argumentsOf(task, asked)).toEqual([
      ["Q: x?\nA:", " yes"],
      ["Q: x?\nA:", " no"],
    ]);
    expect(argumentsOf(task, asked, { chat: chat(true) })).toEqual([
      ["<user>Q: x?\nA:<assistant>", "yes"],
      ["<user>Q: x?\nA:<assistant>", "no"],
    ]);
  });

  it("may be the choices, with one continuation", () => {
    const task = config({
      output_type: "multiple_choice",
      doc_to_text: "gold",
      doc_to_choice: "{{[s ~ o1, s ~ o2]}}",
      doc_to_target: "rest",
      fewshot_config: {
        ...config().fewshot_config,
        doc_to_text: "gold",
        doc_to_choice: "{{[s ~ o1, s ~ o2]}}",
        doc_to_target: "rest",
      },
    });
    const one = { s: "He saw ", o1: "Ann", o2: "Bob", rest: "there.", gold: 1 };
    const pool = [row({ s: "She met ", o1: "Al", o2: "Di", rest: "here.", gold: 0 })];
    expect(argumentsOf(task, one, { numFewshot: 1 }, pool)).toEqual([
      ["She met Al here.\n\nHe saw Ann", " there."],
      ["She met Al here.\n\nHe saw Bob", " there."],
    ]);
  });

  it("of choices as questions have any target as their continuation", () => {
    const task = config({
      output_type: "multiple_choice",
      doc_to_text: "{{gold}}",
      doc_to_choice: ["yes", "no"],
      doc_to_target: 0,
    });
    expect(argumentsOf(task, { gold: 1 })).toEqual([
      ["yes", " 0"],
      ["no", " 0"],
    ]);
  });

  it("that cannot be made say the row and the key, and the columns that there are", () => {
    const asked = (changes: Partial<TaskConfig>) => () => argumentsOf(config(changes), { q: "x?", a: "y" });
    expect(asked({ doc_to_text: "{{nope}}" })).toThrow(
      "mine.yaml: mine: row 0: doc_to_text: line 1: 'nope' is undefined; the row has q, a",
    );
    expect(asked({ doc_to_choice: "{{q}}" })).toThrow(
      "mine.yaml: mine: row 0: doc_to_choice: Python literal",
    );
    expect(asked({ doc_to_choice: ["", "b"] })).toThrow(
      "mine.yaml: mine: row 0: doc_to_choice: expected choices that are not empty",
    );
    expect(asked({ description: "{{1/0}}" })).toThrow("mine.yaml: mine: row 0: description: line 1: ");
  });

  it("read what a template prints as a number or a list where it is one", () => {
    const task = config({
      output_type: "multiple_choice",
      doc_to_choice: "{{o}}",
      doc_to_target: "{{o.index(a)}}",
    });
    const asked = row({ q: "x?", a: "it's", o: ["no", "it's", 'say "so"'] });
    const rows = { asked: [{ docId: 0, row: asked }], first: asked, pool: [] };
    const [document] = documentsOf(task, rows, plain).documents;
    expect(document).toMatchObject({ target: 1, choices: ["no", "it's", 'say "so"'] });
  });

  it("of a row that nothing can be asked about fail alone, of the first one with the task", () => {
    const task = config({ output_type: "multiple_choice", doc_to_choice: "o" });
    const [good, bad] = [row({ q: "x?", a: "", o: ["a", "b"] }), row({ q: "y?", a: "", o: [1, 2] })];
    const made = (rows: PyDict[]) =>
      documentsOf(
        task,
        { asked: rows.map((row, docId) => ({ docId, row })), first: rows[0]!, pool: [] },
        plain,
      ).documents;
    const documents = made([good, bad, good]);
    expect(documents.map(({ arguments: all }) => all.length)).toEqual([2, 0, 2]);
    expect(documents[1]!.error).toBe("mine.yaml: mine: doc_to_choice: expected a list of texts, got 1");
    expect(() => made([bad, good])).toThrow(
      "mine.yaml: mine: row 0: doc_to_choice: expected a list of texts, got 1",
    );
  });
});

describe("examples", () => {
  const pool = Array.from({ length: 10 }, (_, i) => row({ q: `q${i}`, a: `${i}` }));
  const drawn = config({ fewshot_config: { ...config().fewshot_config, sampler: "default" } });

  it("are drawn as Python draws them, one generator for all rows", () => {
    const rows = {
      asked: [0, 1].map((docId) => ({ docId, row: row({ q: "x", a: "" }) })),
      first: pool[0]!,
      pool,
    };
    const { documents } = documentsOf(drawn, rows, { ...plain, numFewshot: 3 });
    // random.Random(1234).sample(range(10), 3), twice: [7, 1, 0], [1, 0, 9]
    const shots = documents.map(({ arguments: all }) =>
      [...all[0]![0]!.matchAll(/q(\d)/g)].map(([, i]) => i),
    );
    expect(shots).toEqual([
      ["7", "1", "0"],
      ["1", "0", "9"],
    ]);
  });

  it("never are the row itself where both come from one split", () => {
    for (const sampler of ["default", "first_n"] as const) {
      const own = config({ fewshot_config: { ...config().fewshot_config, sampler, split: "test" } });
      for (const [docId, asked] of pool.entries()) {
        const { documents } = documentsOf(
          own,
          { asked: [{ docId, row: asked }], first: asked, pool },
          { ...plain, numFewshot: 9 },
        );
        const context = documents[0]!.arguments[0]![0]!;
        expect(
          [...context.matchAll(/q(\d)\nA: /g)]
            .map(([, i]) => i)
            .sort()
            .join(""),
        ).toBe("0123456789".replace(String(docId), ""));
      }
    }
  });

  it("that are not there are refused", () => {
    expect(() => argumentsOf(config(), { q: "x?", a: "" }, { numFewshot: 3 })).toThrow(
      "num_fewshot: expected at most 2 examples, as many as there are, got 3",
    );
  });
});
