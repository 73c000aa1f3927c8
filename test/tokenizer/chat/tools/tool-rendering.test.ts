import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Message, Tool } from "../../../../src/contracts/example.ts";
import { renderChat, renderPrompt, tryRenderChats } from "../../../../src/tokenizer/chat/chat.ts";
import { loadTokenizer, type Tokenizer } from "../../../../src/tokenizer/tokenizer.ts";
import { folderOf, markedText, nanoDir, nanoJson, nanoWith } from "../../fixtures.ts";
import { hermesPlain, hermesTools } from "../stock-tool-templates.ts";
import { call, calls, im, load, names, result, says, tools, toolText, user, whole } from "../tool-chats.ts";

describe("calls are trained as the answer that they are, results and tools are not", () => {
  const qwenSystem =
    `<|im_start|>system\n# Tools\n\n<tools>\n${toolText}\n</tools>\n\nReturn calls within ` +
    "<tool_call></tool_call> XML tags.<|im_end|>\n";
  const qwenCall = (city: string) =>
    `<tool_call>\n{"name": "warmth", "arguments": {"city": "${city}"}}\n</tool_call>`;
  const cases: [what: string, name: string, messages: Message[], text: string][] = [
    [
      "a call, its result, the answer",
      "Qwen 2.5",
      whole,
      `${qwenSystem}<|im_start|>user\nParis?<|im_end|>\n<|im_start|>assistant\n⟦${qwenCall("Paris")}<|im_end|>⟧\n` +
        "<|im_start|>user\n<tool_response>\n21\n</tool_response><|im_end|>\n<|im_start|>assistant\n⟦It " +
        "is 21.<|im_end|>⟧\n",
    ],
    [
      "text and several calls in one turn, which ends the conversation",
      "Qwen 2.5",
      [user("Both?"), calls("I look.", "Paris", "Rome")],
      `${qwenSystem}<|im_start|>user\nBoth?<|im_end|>\n<|im_start|>assistant\n` +
        `⟦I look.\n${qwenCall("Paris")}\n${qwenCall("Rome")}<|im_end|>⟧\n`,
    ],
    [
      "calls again after results",
      "Qwen 3",
      [
        user("Both?"),
        calls("", "Paris"),
        result("21"),
        calls("Now Rome.", "Rome"),
        result("30"),
        says("Rome."),
      ],
      `${qwenSystem}<|im_start|>user\nBoth?<|im_end|>\n<|im_start|>assistant\n⟦${qwenCall("Paris")}<|im_end|>⟧\n` +
        "<|im_start|>user\n<tool_response>\n21\n</tool_response><|im_end|>\n" +
        `<|im_start|>assistant\n⟦Now Rome.\n${qwenCall("Rome")}<|im_end|>⟧\n` +
        "<|im_start|>user\n<tool_response>\n30\n</tool_response><|im_end|>\n" +
        "<|im_start|>assistant\n⟦<think>\n\n</think>\n\nRome.<|im_end|>⟧\n",
    ],
    [
      "a thought and a call with nothing said between",
      "Qwen 3",
      [
        user("Paris?"),
        calls("<think>\nI must look.\n</think>\n\n", "Paris"),
        result("21"),
        says("It is 21."),
      ],
      `${qwenSystem}<|im_start|>user\nParis?<|im_end|>\n<|im_start|>assistant\n` +
        `⟦<think>\nI must look.\n</think>\n\n${qwenCall("Paris")}<|im_end|>⟧\n` +
        "<|im_start|>user\n<tool_response>\n21\n</tool_response><|im_end|>\n" +
        "<|im_start|>assistant\n⟦<think>\n\n</think>\n\nIt is 21.<|im_end|>⟧\n",
    ],
    [
      "the special token that opens a call, and calls in a list",
      "Mistral 0.3",
      [user("Both?"), calls("", "Paris", "Rome"), result("21"), result("30", 1), says("Rome.")],
      `<s>[AVAILABLE_TOOLS] [${toolText}][/AVAILABLE_TOOLS][INST] Both?[/INST]` +
        '⟦[TOOL_CALLS] [{"name": "warmth", "arguments": {"city": "Paris"}, "id": "call00000"}, ' +
        '{"name": "warmth", "arguments": {"city": "Rome"}, "id": "call00001"}]</s>⟧' +
        '[TOOL_RESULTS] {"content": 21, "call_id": "call00000"}[/TOOL_RESULTS]' +
        '[TOOL_RESULTS] {"content": 30, "call_id": "call00001"}[/TOOL_RESULTS]⟦ Rome.</s>⟧',
    ],
    [
      "a call without a tag",
      "Llama 3.1",
      whole,
      "<s><|start_header_id|>system<|end_header_id|>\n\nEnvironment: ipython\nCutting Knowledge Date: " +
        "December 2023\n" +
        "Today Date: 26 Jul 2024\n\n<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nCall one of " +
        "these.\n\n" +
        `${JSON.stringify(tools[0], null, 4)}\n\nParis?<|eot_id|>` +
        '<|start_header_id|>assistant<|end_header_id|>\n\n⟦{"name": "warmth", "parameters": {"city": ' +
        '"Paris"}}<|eot_id|>⟧' +
        '<|start_header_id|>ipython<|end_header_id|>\n\n"21"<|eot_id|>' +
        "<|start_header_id|>assistant<|end_header_id|>\n\n⟦It is 21.<|eot_id|>⟧",
    ],
    [
      "the template for tools, where there are some",
      "Hermes",
      whole,
      `<|im_start|>system\nYou may call functions: <tools> ${toolText} </tools><|im_end|>\n` +
        "<|im_start|>user\nParis?<|im_end|>\n<|im_start|>assistant\n" +
        '⟦<tool_call>\n{"arguments": {"city": "Paris"}, "name": "warmth"}\n</tool_call><|im_end|>⟧\n' +
        "<|im_start|>tool\n<tool_response>\n21\n</tool_response><|im_end|>\n<|im_start|>assistant\n⟦It " +
        "is 21.<|im_end|>⟧\n",
    ],
  ];
  for (const [what, name, messages, text] of cases) {
    it(`${name}: ${what}`, async () => {
      expect(await markedText(await load[name]!(), { messages, tools })).toBe(text);
    });
  }

  it("DeepSeek: arguments as the text in the data, up to the end token after all calls", async () => {
    const messages = whole.map((message) =>
      message.tool_calls
        ? {
            ...message,
            tool_calls: [
              { ...call("a", ""), function: { name: "warmth", arguments: '{"city":"Paris", "n":1.0}' } },
            ],
          }
        : message,
    );
    expect(await markedText(await load.DeepSeek!(), messages)).toBe(
      '<s><|User|>Paris?<|Assistant|>⟦<|calls_begin|><|call_begin|>function<|sep|>warmth\n```json\n{"city":"Paris", "n":1.0}\n```' +
        "<|call_end|><|calls_end|></s>⟧<|output|>21<|output_end|><|Assistant|>⟦It is 21.</s>⟧",
    );
  });

  it("calls that end with another token than text, as Llama's <|eom_id|>", async () => {
    const template =
      "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' }}{% if m.tool_calls %}{% for c in " +
      "m.tool_calls %}{{ '<call>' + c.function.name }}{{ c.function.arguments | tojson }}{% endfor " +
      "%}{{ '<|end|><|eom|>' }}{% else %}{{ m.content + '<|im_end|>' }}{% endif %}{% endfor %}{% if " +
      "add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
    const tokenizer = await nanoWith(template, [...im, ...names("<|end|>", "<|eom|>")]);
    expect(await markedText(tokenizer, whole)).toBe(
      '<|im_start|>user\nParis?<|im_end|><|im_start|>assistant\n⟦<call>warmth{"city": ' +
        '"Paris"}<|end|><|eom|>⟧' +
        "<|im_start|>tool\n21<|im_end|><|im_start|>assistant\n⟦It is 21.<|im_end|>⟧",
    );
  });

  it("Hermes: a conversation without tools has the other template", async () => {
    expect(await markedText(await load.Hermes!(), [user("a?"), says("b.")])).toBe(
      "<|im_start|>user\na?<|im_end|>\n<|im_start|>assistant\n⟦b.<|im_end|>⟧\n",
    );
  });

  it("a template for tools in a file beside chat_template.jinja is the same", async () => {
    const json = nanoJson();
    for (const [i, { content }] of im.entries())
      json.added_tokens.push({ ...json.added_tokens[0]!, id: 4096 + i, content: content! });
    const dir = folderOf({ "tokenizer.json": json, "chat_template.jinja": hermesPlain });
    mkdirSync(join(dir, "additional_chat_templates"));
    writeFileSync(join(dir, "additional_chat_templates", "tool_use.jinja"), hermesTools);
    const [here, listed] = [await loadTokenizer(dir), await load.Hermes!()];
    for (const chat of [{ messages: whole, tools }, { messages: [user("a?"), says("b.")] }])
      expect(await markedText(here, chat)).toBe(await markedText(listed, chat));
  });

  it("mix.train_on and a message's own train hold for calls, too", async () => {
    const tokenizer = await load["Qwen 2.5"]!();
    const unasked = whole.map((message) => (message.tool_calls ? { ...message, train: false } : message));
    expect((await markedText(tokenizer, unasked)).match(/⟦.*?⟧/gs)).toEqual(["⟦It is 21.<|im_end|>⟧"]);
    const noEnd = { roles: ["assistant"], turns: "all", eos: "none", thoughts: true } as const;
    expect((await markedText(tokenizer, whole, noEnd)).match(/⟦.*?⟧/gs)).toEqual([
      `⟦${qwenCall("Paris")}⟧`,
      "⟦It is 21.⟧",
    ]);
  });
});

describe("{% generation %} around calls", () => {
  const turn = (answer: string) =>
    "{% for t in tools or [] %}{{ t.function.name }}{% endfor %}{% for m in messages %}{{ " +
    `'<|im_start|>' + m.role + '\\n' }}{% if m.role == 'assistant' %}${answer}{% else %}{{ m.content + ` +
    "'<|im_end|>' }}{% endif %}{{ '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ " +
    "'<|im_start|>assistant\\n' }}{% endif %}";
  const written =
    "{% for c in m.tool_calls or [] %}{{ '<tool_call>' + c.function.name }}{{ c.function.arguments | " +
    "tojson }}{{ '</tool_call>' }}{% endfor %}";
  const trained = async (template: string, messages = whole) =>
    (await markedText(await nanoWith(template, im), { messages, tools })).match(/⟦.*?⟧/gs);

  it("one block around text and calls", async () => {
    const template = turn(`{% generation %}{{ m.content }}${written}{{ '<|im_end|>' }}{% endgeneration %}`);
    expect(await trained(template)).toEqual([
      '⟦<tool_call>warmth{"city": "Paris"}</tool_call><|im_end|>⟧',
      "⟦It is 21.<|im_end|>⟧",
    ]);
    expect(await trained(template, [user("a?"), calls("I look.", "Paris")])).toEqual([
      '⟦I look.<tool_call>warmth{"city": "Paris"}</tool_call><|im_end|>⟧',
    ]);
  });

  it("a block of their own", async () => {
    const template = turn(
      `{% generation %}{{ m.content }}{% endgeneration %}{{ ' ' }}{% generation %}${written}{{ ` +
        "'<|im_end|>' }}{% endgeneration %}",
    );
    expect(await trained(template, [user("a?"), calls("I look.", "Paris")])).toEqual([
      "⟦I look.⟧",
      '⟦<tool_call>warmth{"city": "Paris"}</tool_call><|im_end|>⟧',
    ]);
  });

  // The text alone would be trained: to say something and never call.
  it("a block that leaves the calls out: the turn is only read, and said to be", async () => {
    const template = turn(`{% generation %}{{ m.content }}{% endgeneration %}${written}{{ '<|im_end|>' }}`);
    const { leftOut } = await renderChat(await nanoWith(template, im), { messages: whole, tools });
    expect(leftOut).toEqual([1]);
  });
});

describe("training and evaluation see the same ids", () => {
  for (const [name, open] of Object.entries(load)) {
    it(`${name}: a prompt before a call, and before an answer, is how the whole begins`, async () => {
      const tokenizer = await open();
      const chat = { messages: whole, ...(name === "DeepSeek" ? {} : { tools }) };
      const { ids, trained } = await renderChat(tokenizer, chat);
      for (const turn of [1, 3]) {
        const prompt = await renderPrompt(tokenizer, { ...chat, messages: whole.slice(0, turn) });
        expect([...prompt]).toEqual([...ids.slice(0, prompt.length)]);
        expect([trained[prompt.length - 1], trained[prompt.length]]).toEqual([0, 1]);
      }
    });
  }
});

describe("a conversation whose calls or tools would be lost is refused", () => {
  const refusal = async (tokenizer: Tokenizer, chat: { messages: Message[]; tools?: Tool[] }) => {
    const [rendered] = await tryRenderChats(tokenizer, [chat]);
    return rendered instanceof Error ? rendered.message : "rendered";
  };
  it("by a template that writes no calls", async () => {
    const zebra = await loadTokenizer(nanoDir);
    const noCalls = "expected one that writes tool calls, got one that leaves out or changes those";
    expect(await refusal(zebra, { messages: [user("Paris?"), calls("", "Paris")] })).toContain(noCalls);
    // All that is in the call is in the text, too.
    const inText = [user("Paris?"), calls("warmth city Paris", "Paris")];
    expect(await refusal(zebra, { messages: inText })).toContain(`${noCalls} of message 1`);
  });
  it("by a template that writes no tools", async () => {
    expect(
      await refusal(await loadTokenizer(nanoDir), { messages: [user("a?"), says("b.")], tools }),
    ).toContain("expected one that writes the tools that the conversation has, got one that leaves them out");
  });
  it("by a template that takes no turn of a tool, with what to do beside its own words", async () => {
    const zebra = await loadTokenizer(nanoDir);
    const advice = "take a checkpoint whose template does";
    const answered = [
      user("Paris?"),
      calls("", "Paris"),
      { role: "tool", content: "21" } as const,
      says("21."),
    ];
    const refused = await refusal(zebra, { messages: answered });
    expect(refused).toMatch(
      /got: a conversation with tools: .*got tool as turn 3\. Not every template writes tools/,
    );
    expect(refused).toContain(advice);
    expect(await refusal(zebra, { messages: [user("a?"), user("b?"), says("c.")] })).not.toContain(advice);
  });
  it("by a template that writes calls without the text beside them", async () => {
    const chat = { messages: [user("Paris?"), calls("I look.", "Paris")], tools };
    expect(await refusal(await load["Llama 3.1"]!(), chat)).toContain("changes or leaves out content");
  });
  it("with the template's own words, where it has some", async () => {
    const two = { messages: [user("Both?"), calls("", "Paris", "Rome")], tools };
    expect(await refusal(await load["Llama 3.1"]!(), two)).toContain(
      "only supports single tool-calls at once",
    );
    const long = { ...calls("", "Paris"), tool_calls: [call("much-too-long", "Paris")] };
    expect(await refusal(await load["Mistral 0.3"]!(), { messages: [user("a?"), long], tools })).toContain(
      "Tool call IDs should be alphanumeric strings with length 9",
    );
  });
});
