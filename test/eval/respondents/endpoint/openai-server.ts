import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Body = Record<string, unknown>;

/** A server on a real socket at /v1, and what it was asked. */
export interface OpenAiServer extends AsyncDisposable {
  url: string;
  log: { path: string; body: Body; authorization: string | undefined }[];
  /** Requests at a time, at most. */
  most: number;
}

/** `answer` gives a body, or answers itself and gives nothing. */
export async function startOpenAi(
  answer: (body: Body, response: ServerResponse, n: number) => unknown,
): Promise<OpenAiServer> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const own: OpenAiServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    log: [],
    most: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  let now = 0;
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Body;
    const n = own.log.push({ path: request.url!, body, authorization: request.headers.authorization }) - 1;
    const given = await answer(body, response, n);
    if (given === undefined) return;
    response.setHeader("content-type", "application/json");
    response.end(typeof given === "string" ? given : JSON.stringify(given));
  };
  server.on("request", (request, response) => {
    own.most = Math.max(own.most, ++now);
    response.on("close", () => now--);
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  return own;
}

/** What a server answers that echoes a prompt of words, of which each is 1 nat. */
export function echoOf(prompt: string): {
  choices: { text: string; finish_reason: string; logprobs: Record<string, unknown[]> }[];
  usage: { prompt_tokens: number; completion_tokens: number };
} {
  const tokens = [...(prompt.match(/\s*\S+|\s+$/g) ?? []), "!"];
  return {
    choices: [
      {
        text: `${prompt}!`,
        finish_reason: "length",
        logprobs: {
          tokens,
          token_logprobs: tokens.map((_, i) => (i === 0 ? null : -1)),
          top_logprobs: tokens.map((token, i) => (i === 0 ? null : { [token]: -1 })),
          text_offset: tokens.map((_, i) => tokens.slice(0, i).join("").length),
        },
      },
    ],
    usage: { prompt_tokens: tokens.length - 1, completion_tokens: 1 },
  };
}
