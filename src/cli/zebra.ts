#!/usr/bin/env node
import { endWithParent, isSupported, minNode, pinnedNode, runOnNode } from "./node-version.ts";

// This file and its imports at the top must run on older Nodes. Everything else is behind main.ts.
const pinned = pinnedNode();
if (isSupported(process.versions.node)) {
  endWithParent();
  const { main } = await import("./main.ts");
  await main();
} else if (pinned !== undefined) await runOnNode(pinned, process.argv.slice(1));
else {
  process.stderr.write(
    `zebra: expected Node ${minNode} or newer, got ${process.versions.node}.\n` +
      "Install a newer one from https://nodejs.org. In a clone, npm ci brings one, which zebra then " +
      "runs on.\n",
  );
  process.exitCode = 1;
}
