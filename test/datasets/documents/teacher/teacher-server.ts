import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** What one request meets instead of its answer; each is used once, in order. */
export type Fault =
  | { status: number; headers?: Record<string, string>; body?: string }
  /** The connection ends in the middle of the answer. */
  | "cut"
  /** No answer ever. */
  | "hang"
  | { content: string; finishReason?: string }
  /** A body that is no completion. */
  | { body: string };

export interface Asked {
  body: Record<string, unknown>;
  authorization: string | undefined;
  atMs: number;
  /** The document in the prompt. */
  document: string;
}

/** A small OpenAI-compatible server on a real socket. It answers well unless a fault is waiting. */
export interface TeacherServer extends AsyncDisposable {
  endpoint: string;
  faults: Fault[];
  log: Asked[];
  /** Requests at a time, at most. */
  most: number;
  /** Before each answer, by how many requests came before it. */
  delayMs: (n: number) => number;
  usage: { prompt_tokens: number; completion_tokens: number } | null;
  answer: (document: string, count: number) => string;
}

export async function startTeacher(answer: TeacherServer["answer"] = questionsOn): Promise<TeacherServer> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const teacher: TeacherServer = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    faults: [],
    log: [],
    most: 0,
    delayMs: () => 0,
    usage: { prompt_tokens: 1000, completion_tokens: 100 },
    answer,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  let now = 0;
  server.on("request", (request, response) => {
    teacher.most = Math.max(teacher.most, ++now);
    response.on("close", () => now--);
    serve(teacher, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  return teacher;
}

async function serve(
  teacher: TeacherServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as { messages: { content: string }[] };
  const [system = "", user = ""] = body.messages.map(({ content }) => content);
  const document = /<document>\n([\s\S]*)\n<\/document>/.exec(user)?.[1] ?? "";
  const { authorization } = request.headers;
  const n = teacher.log.push({ body, authorization, atMs: performance.now(), document }) - 1;
  if (request.method !== "POST" || request.url !== "/v1/chat/completions")
    return void response.writeHead(404).end();
  const fault = teacher.faults.shift();
  if (fault === "hang") return;
  if (fault === "cut") {
    response.writeHead(200, { "content-length": "500" });
    response.write('{"choices":');
    await wait(10);
    return void response.destroy();
  }
  if (fault && "status" in fault) return void response.writeHead(fault.status, fault.headers).end(fault.body);
  if (fault && "body" in fault) return void response.end(fault.body);
  await wait(teacher.delayMs(n));
  const count = Number(/exactly (\d+)/.exec(system)?.[1]);
  const content = fault ? fault.content : teacher.answer(document, count);
  const finish_reason = fault?.finishReason ?? "stop";
  response.setHeader("content-type", "application/json");
  response.end(
    JSON.stringify({
      choices: [{ message: { role: "assistant", content }, finish_reason }],
      usage: teacher.usage,
    }),
  );
}

/** `count` questions on the sentences of a document, each about its number. */
export function questionsOn(document: string, count: number): string {
  const sentences = document.match(/[^.]+\d+[^.]*\./g) ?? [];
  const items = sentences.slice(0, count).map((sentence, i) => ({
    question: `What is the number of sacks in sentence ${i + 1}?`,
    answer: /\d+ sacks/.exec(sentence)![0],
    quote: sentence.trim(),
  }));
  return JSON.stringify({ items });
}
