/**
 * `npm run peers -- NAME`: work of ours beside that of a Python package, each in turns on this machine.
 *
 *   ZEBRATUNE_PEERS_PYTHON=/path/to/python npm run peers -- transformers
 *   ZEBRATUNE_PEERS_PYTHON=/path/to/python npm run peers -- trl 400
 *
 * An npm script runs on the Node that package.json pins, which reads these files as they are.
 */
const peers: Record<string, () => Promise<unknown>> = {
  datatrove: () => import("./datatrove.ts"),
  "lm-eval": () => import("./lm-eval.ts"),
  transformers: () => import("./transformers.ts"),
  trl: () => import("./trl.ts"),
};

// Without its own name, the words behind it are where each file looks for its options.
const [name = ""] = process.argv.splice(2, 1);
const peer = Object.hasOwn(peers, name) ? peers[name] : undefined;
if (peer === undefined) {
  process.stderr.write(`peers: expected one of ${Object.keys(peers).join(", ")}, got ${name || "nothing"}\n`);
  process.exitCode = 2;
} else {
  await peer();
}
