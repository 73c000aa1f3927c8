import { expect, it } from "vitest";
import { type Answer, matchesAnswers } from "../../../src/mixing/sequences/answers.ts";

const bare = (text: string) => text.replaceAll(/\s+/g, "");
const call = (content: string, ...calls: string[]) => ({ content, calls });

it.each([
  [["I look.f{a:b}", "It is."], [call("I look.", "f", "a", "b"), "It is."], true],
  // A call and text may come in blocks of their own.
  [["I look.", "f{a:b}", "It is."], [call("I look.", "f", "a", "b"), "It is."], true],
  [["f{a:b}", "g{}"], [call("", "f", "a", "b"), call("", "g")], true],
  [['f{"x\\ny"}'], [call("", "f", "x\ny")], true],
  [["f{a:}", "It is."], [call("", "f", "a", "b"), "It is."], false],
  [["{a:b}", "It is."], [call("", "f", "a", "b"), "It is."], false],
  [["f{a:b}"], [call("I look.", "f", "a", "b")], false],
  [["f{a:b}", "It is.", "more"], [call("", "f", "a", "b"), "It is."], false],
  [["f{a:b}", "It"], [call("", "f", "a", "b"), "It is."], false],
  // What the text says is not what the call has.
  [["callfab"], [call("call f a b", "f", "a", "b")], false],
])("runs %j are the answers %j: %s", (runs, answers, isSo) => {
  const forms = (answer: Answer) => [bare(typeof answer === "string" ? answer : answer.content)];
  expect(matchesAnswers(runs.map(bare), answers, bare, forms)).toBe(isSo);
});
