import { expect, it } from "vitest";
import { invocation } from "../../src/cli/invocation.ts";

const args = ["run", "my recipe.yaml", "finetune.lr=3e-4"];

it.each([
  ["/x/.bin/zebra", {}, "zebra run 'my recipe.yaml' finetune.lr=3e-4"],
  ["/x/.bin/zebra", { npm_lifecycle_event: "npx" }, "npx zebra run 'my recipe.yaml' finetune.lr=3e-4"],
  ["/p/dist/src/cli/zebra.js", {}, "node dist/src/cli/zebra.js run 'my recipe.yaml' finetune.lr=3e-4"],
  ["/q/zebra.js", {}, "node /q/zebra.js run 'my recipe.yaml' finetune.lr=3e-4"],
  ["/p/dist/src/cli/zebra.js", { npm_lifecycle_event: "quickstart" }, "npm run quickstart"],
  [
    "/p/dist/src/cli/zebra.js",
    { npm_lifecycle_event: "zebra" },
    "npm run zebra -- run 'my recipe.yaml' finetune.lr=3e-4",
  ],
])("%s %o is typed again as %s", (script, env, expected) => {
  expect(invocation(["node", script, ...args], env, "/p")).toBe(expected);
});
