import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { jieba } from "../../../../src/harness/text-metrics/longbench/jieba.ts";
import { packageRoot } from "../../../../src/package-root.ts";

it("cuts as jieba 0.42.1, also where the package itself does not", () => {
  const cut = jieba();
  // Right values: list(jieba.cut(text, cut_all=False)) of jieba 0.42.1.
  const expected = [
    ["他来到了网易杭研大厦", "他|来到|了|网易|杭研|大厦"],
    ["我来到北京清华大学", "我|来到|北京|清华大学"],
    ["return x+1", "return| |x|+|1"],
    ["12-12，1.5%和AT&T的B超", "12|-|12|，|1.5%|和|AT&T|的|B超"],
    ["不大嘉𠀀&黄州", "不大嘉|𠀀|&|黄州"],
    ["U.S.㐀é\r\n\u3000奇", "U|.|S|.|㐀|é|\r\n|\u3000|奇"],
    ["", ""],
  ];
  expect(expected.map(([text]) => [text, cut(text!).join("|")])).toEqual(expected);
});

it("without the package, says what to install", () => {
  const file = join(packageRoot(), "src/harness/text-metrics/longbench/jieba.ts");
  const script = `
    const modules = require("node:module");
    const resolve = modules._resolveFilename;
    modules._resolveFilename = function (name, ...rest) {
      return resolve.call(this, name.replace("@node-rs/jieba", "@node-rs/is-not-there"), ...rest);
    };
    import(${JSON.stringify(file)}).then((m) => m.jieba()).catch((e) => console.log(e.code, e.message));`;
  const { stdout } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
  expect(stdout).toMatch(/^E_CONFIG Chinese words/);
  expect(stdout).toContain("expected the package @node-rs/jieba, got Cannot find module");
  expect(stdout).toContain("npm install @node-rs/jieba@2.0.3");
});
