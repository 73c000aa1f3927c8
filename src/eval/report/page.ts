import { createHash } from "node:crypto";
import { escapeHtml } from "../../quote.ts";
import { pageStyle } from "./style.ts";

/**
 * One HTML file that loads nothing, so that it can be sent and opened anywhere. `body` is HTML. `script` is
 * the only one that a browser will run: it is named by its hash, so that no text of a sample can ever be one.
 */
export function htmlPage(title: string, body: string, script = ""): string {
  const hash = createHash("sha256").update(script).digest("base64");
  const scripts = script === "" ? "'none'" : `'sha256-${hash}'`;
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${scripts}`;
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    `<meta http-equiv="Content-Security-Policy" content="${policy}">` +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${escapeHtml(title)}</title><style>${pageStyle}</style></head>` +
    `<body><main>${body}</main>${script === "" ? "" : `<script>${script}</script>`}</body></html>\n`
  );
}
