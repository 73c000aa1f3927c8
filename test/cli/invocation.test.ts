import { expect, it } from "vitest";
import { invocation, program } from "../../src/cli/invocation.ts";

const args = ["run", "my recipe.yaml", "finetune.lr=3e-4"];
const rest = "run 'my recipe.yaml' finetune.lr=3e-4";

it.each([
  ["/x/bin/zebra", { PATH: "/usr/bin:/x/bin" }, "zebra"],
  // Not on the PATH: `zebra` alone would be no command.
  ["/x/bin/zebra", { PATH: "/usr/bin" }, "node /x/bin/zebra"],
  ["/p/bin/zebra", {}, "./bin/zebra"],
  ["/p/node_modules/.bin/zebra", { PATH: "/p/node_modules/.bin", npm_lifecycle_event: "npx" }, "npx zebra"],
  ["/p/node_modules/.bin/zebra", { PATH: "/p/node_modules/.bin" }, "npx zebra"],
  ["/p/node_modules/zebratune/dist/src/cli/zebra.js", {}, "npx zebra"],
  // From a script of the user's own package.json, which npm calls by its own name.
  ["/p/node_modules/.bin/zebra", { npm_lifecycle_event: "tune" }, "npx zebra"],
  ["/p/dist/src/cli/zebra.js", {}, "node dist/src/cli/zebra.js"],
  ["/q/zebra.js", {}, "node /q/zebra.js"],
  ["/p/dist/src/cli/zebra.js", { npm_lifecycle_event: "zebra" }, "npm run zebra --"],
])("%s %o is called %s again", (script, env, expected) => {
  expect(program(["node", script, ...args], env, "/p")).toBe(expected);
  expect(invocation(["node", script, ...args], env, "/p")).toBe(`${expected} ${rest}`);
});

it("the quick start is its own command line, and npx zebra the command after it", () => {
  const started = ["node", "/p/dist/src/cli/zebra.js", "run", "recipes/quickstart.yaml"];
  const env = { npm_lifecycle_event: "quickstart" };
  expect(invocation(started, env, "/p")).toBe("npm run quickstart");
  expect(program(started, env, "/p")).toBe("npx zebra");
});
