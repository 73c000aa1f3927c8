import { expect, it } from "vitest";
import { askedAs, begunAnswer } from "../../../src/eval/asking/begun-answer.ts";
import { packagePath } from "../../../src/package-root.ts";
import { renderChat, renderPrompt } from "../../../src/tokenizer/chat/chat.ts";
import { loadTokenizer } from "../../../src/tokenizer/tokenizer.ts";

const tokenizer = await loadTokenizer(packagePath("checkpoints", "zebra-nano-tokenizer"));
const user = { role: "user", content: "Who?" } as const;

it("a chat is asked up to the words that begin the answer, as an answer of these words is rendered", async () => {
  const ids = await begunAnswer(tokenizer, "chat", { text: "Who?", prefix: " It was " });
  const whole = await renderChat(tokenizer, [user, { role: "assistant", content: "It was" }]);
  // All but the token that ends an answer.
  expect([...ids]).toEqual([...whole.ids.slice(0, -1)]);
  const bare = await begunAnswer(tokenizer, "chat", { text: "Who?", prefix: "" });
  expect([...bare]).toEqual([...(await renderPrompt(tokenizer, [user]))]);
});

it("plain text has the beginning behind it", async () => {
  const ids = await begunAnswer(tokenizer, "plain", { text: "Who?", prefix: "It was" });
  expect(await tokenizer.decode(ids, { skipSpecial: true })).toBe("Who? It was");
  expect([...ids.slice(0, tokenizer.around.before.length)]).toEqual([...tokenizer.around.before]);
});

it("a template is used where there is one", async () => {
  expect(await askedAs(tokenizer, "auto")).toBe("chat");
  expect(await askedAs(tokenizer, "plain")).toBe("plain");
});
