import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ServedRepo {
  files: Record<string, Buffer>;
  /** Branches besides main, and tags. */
  refs?: Record<string, string>;
  gated?: boolean;
  private?: boolean;
}

/** What one request meets instead of its answer; each is used once, in order. */
export type Fault =
  | { status: number; headers?: Record<string, string>; body?: string }
  /** The body ends after so many bytes, and the connection with it. */
  | { cutAfter: number }
  /** Other bytes of the same length. */
  | { damaged: true }
  /** Nothing more comes after so many bytes. */
  | { silentAfter: number }
  /** The whole, whatever was asked for. */
  | { ignoresRange: true };

/** A small Hub: the parts of its protocol that datasets are read and written with, on a real socket. */
export interface HubServer extends AsyncDisposable {
  url: string;
  repos: Record<string, ServedRepo>;
  /** Next answers of `resolve` (or the storage behind it), and of everything else. */
  fileFaults: Fault[];
  apiFaults: Fault[];
  /** `GET /api/… ` with `Range` and whether it was signed in. */
  log: { line: string; range: string | undefined; authorization: string | undefined }[];
  /** Every page of a file list has so many entries. */
  pageSize: number;
  commits: { repo: string; lines: Record<string, unknown>[] }[];
  uploads: Map<string, Buffer>;
}

/** Larger files are kept elsewhere (LFS) and answered with a redirect. */
const largeBytes = 1_000;
export const token = "hf_testTokenThatMustNeverBeSeen";
const account = "ann";

export const sha256 = (data: Buffer | string) => createHash("sha256").update(data).digest("hex");
export const gitOid = (data: Buffer) =>
  createHash("sha1").update(`blob ${data.length}\0`).update(data).digest("hex");

/** The commit of a repo: a name for its contents. */
export function commitOf(repo: ServedRepo): string {
  const names = Object.entries(repo.files).map(([path, data]) => `${path} ${gitOid(data)}`);
  return createHash("sha1").update(names.sort().join("\n")).digest("hex");
}

export async function startHub(repos: Record<string, ServedRepo>): Promise<HubServer> {
  const storage = createServer();
  const front = createServer();
  await Promise.all(
    [storage, front].map((server) => new Promise<void>((done) => server.listen(0, "127.0.0.1", done))),
  );
  const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const hub: HubServer = {
    url: urlOf(front),
    repos,
    fileFaults: [],
    apiFaults: [],
    log: [],
    pageSize: 2,
    commits: [],
    uploads: new Map(),
    async [Symbol.asyncDispose]() {
      for (const server of [storage, front]) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    },
  };
  const answer = (handle: Handler) => (request: IncomingMessage, response: ServerResponse) => {
    const { range, authorization } = request.headers;
    hub.log.push({ line: `${request.method} ${request.url}`, range, authorization });
    handle(hub, urlOf(storage), request, response).catch((error: unknown) =>
      response.destroy(error as Error),
    );
  };
  front.on("request", answer(serveFront));
  storage.on("request", answer(serveStorage));
  return hub;
}

type Handler = (
  hub: HubServer,
  storage: string,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>;

async function serveFront(...[hub, storage, request, response]: Parameters<Handler>): Promise<void> {
  const url = new URL(request.url ?? "/", hub.url);
  const path = decodeURIComponent(url.pathname);
  const [, fileRepo, , filePath = ""] =
    /^\/datasets\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (fileRepo !== undefined) {
    const repo = allowed(hub, fileRepo, request, response);
    if (!repo) return;
    const data = repo.files[filePath];
    if (data === undefined) return refuse(response, 404, "EntryNotFound");
    const headers = { "x-repo-commit": commitOf(repo) };
    if (data.length < largeBytes)
      return sendFile(hub, data, { ...headers, etag: `"${gitOid(data)}"` }, request, response);
    const linked = { "x-linked-etag": `"${sha256(data)}"`, "x-linked-size": String(data.length) };
    const location = `${storage}/${fileRepo}/${sha256(data)}?X-Amz-Signature=secret-signature`;
    response.writeHead(302, { ...headers, ...linked, location }).end();
    return;
  }
  const fault = hub.apiFaults.shift();
  if (fault && "status" in fault) {
    response.writeHead(fault.status, fault.headers).end(fault.body);
    return;
  }
  if (fault && ("cutAfter" in fault || "silentAfter" in fault)) {
    const bytes = "cutAfter" in fault ? fault.cutAfter : fault.silentAfter;
    response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
    response.write('{"sha": "0000'.slice(0, bytes), () => {
      if ("cutAfter" in fault) setTimeout(() => response.destroy(), 20);
    });
    return;
  }
  if (request.method !== "GET") return serveWrite(hub, storage, path, request, response);
  const [, name = "", kind, rest = ""] =
    /^\/api\/datasets\/([^/]+\/[^/]+)\/(revision|tree)\/(.+)$/.exec(path) ?? [];
  const repo = allowed(hub, name, request, response);
  if (!repo) return;
  const commit =
    repo.refs?.[rest] ?? (["main", "HEAD", commitOf(repo)].includes(rest) ? commitOf(repo) : undefined);
  if (commit === undefined) return refuse(response, 404, "RevisionNotFound");
  if (kind === "revision") {
    return sendJson(response, {
      _id: "1",
      id: name,
      sha: commit,
      private: repo.private ?? false,
      gated: repo.gated ? "auto" : false,
    });
  }
  const all = Object.entries(repo.files).map(([file, data]) => ({
    type: "file",
    path: file,
    size: data.length,
    oid: gitOid(data),
    ...(data.length < largeBytes ? {} : { lfs: { oid: sha256(data), size: data.length, pointerSize: 134 } }),
  }));
  const at = Number(url.searchParams.get("cursor") ?? 0);
  url.searchParams.set("cursor", String(at + hub.pageSize));
  const more = at + hub.pageSize < all.length ? { link: `<${url.href}>; rel="next"` } : {};
  sendJson(
    response,
    [{ type: "directory", path: "data", size: 0, oid: "0".repeat(40) }, ...all.slice(at, at + hub.pageSize)],
    more,
  );
}

/** The storage of large files: knows nothing of accounts, and must not be told. */
async function serveStorage(...[hub, , request, response]: Parameters<Handler>): Promise<void> {
  const url = new URL(request.url ?? "/", hub.url);
  const oid = url.pathname.split("/").at(-1)!;
  if (request.method === "PUT") {
    const data = await bodyOf(request);
    if (sha256(data) !== oid) return refuse(response, 400, "");
    hub.uploads.set(oid, data);
    response.writeHead(200).end();
    return;
  }
  for (const repo of Object.values(hub.repos)) {
    for (const data of Object.values(repo.files)) {
      if (sha256(data) === oid) return sendFile(hub, data, { etag: `"${oid}"` }, request, response);
    }
  }
  refuse(response, 404, "");
}

async function serveWrite(
  hub: HubServer,
  storage: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = (await bodyOf(request)).toString("utf8");
  if (request.headers.authorization !== `Bearer ${token}`) return refuse(response, 401, "");
  if (path === "/api/repos/create") {
    const made = JSON.parse(text) as { organization: string; name: string; visibility?: string };
    const name = `${made.organization}/${made.name}`;
    if (made.organization !== account) return refuse(response, 403, "");
    if (hub.repos[name]) return refuse(response, 409, "");
    hub.repos[name] = { files: {}, private: made.visibility === "private" };
    return sendJson(response, { url: `${hub.url}/datasets/${name}`, id: name });
  }
  const [, preuploadRepo] = /^\/api\/datasets\/([^/]+\/[^/]+)\/preupload\/main$/.exec(path) ?? [];
  if (preuploadRepo !== undefined) {
    const { files } = JSON.parse(text) as { files: { path: string; size: number }[] };
    return sendJson(response, {
      files: files.map((file) => ({
        path: file.path,
        uploadMode: file.size < largeBytes ? "regular" : "lfs",
      })),
    });
  }
  const [, lfsRepo] = /^\/datasets\/([^/]+\/[^/]+)\.git\/info\/lfs\/objects\/batch$/.exec(path) ?? [];
  if (lfsRepo !== undefined) {
    const { objects } = JSON.parse(text) as { objects: { oid: string; size: number }[] };
    return sendJson(response, {
      transfer: "basic",
      objects: objects.map((o) => ({
        ...o,
        actions: { upload: { href: `${storage}/${lfsRepo}/${o.oid}` } },
      })),
    });
  }
  const [, name = ""] = /^\/api\/datasets\/([^/]+\/[^/]+)\/commit\/main$/.exec(path) ?? [];
  const repo = hub.repos[name];
  if (!repo) return refuse(response, 404, "RepoNotFound");
  const lines = text
    .split("\n")
    .map((line) => JSON.parse(line) as { key: string; value: Record<string, string> });
  for (const { key, value } of lines) {
    if (key === "file") repo.files[value.path!] = Buffer.from(value.content!, "base64");
    if (key === "lfsFile") repo.files[value.path!] = hub.uploads.get(value.oid!)!;
  }
  hub.commits.push({ repo: name, lines });
  const oid = commitOf(repo);
  sendJson(response, {
    success: true,
    commitOid: oid,
    commitUrl: `${hub.url}/datasets/${name}/commit/${oid}`,
    hookOutput: "",
  });
}

function allowed(
  hub: HubServer,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): ServedRepo | null {
  const repo = hub.repos[name];
  const signedIn = request.headers.authorization === `Bearer ${token}`;
  if (repo && (signedIn || !(repo.gated || repo.private))) return repo;
  if (repo?.gated) refuse(response, 401, "GatedRepo", "Access to dataset is restricted");
  else refuse(response, signedIn ? 404 : 401, "RepoNotFound");
  return null;
}

function sendFile(
  hub: HubServer,
  data: Buffer,
  headers: Record<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const fault = hub.fileFaults.shift();
  if (fault && "status" in fault) {
    response.writeHead(fault.status, fault.headers).end(fault.body);
    return;
  }
  const asked = fault && "ignoresRange" in fault ? undefined : request.headers.range;
  const [, from] = /^bytes=(\d+)-/.exec(asked ?? "") ?? [];
  const start = Number(from ?? 0);
  const body = fault && "damaged" in fault ? Buffer.alloc(data.length - start, 0x21) : data.subarray(start);
  const range = { "content-range": `bytes ${start}-${data.length - 1}/${data.length}` };
  const size = { "content-length": String(body.length), "accept-ranges": "bytes" };
  response.writeHead(from === undefined ? 200 : 206, {
    ...headers,
    ...size,
    ...(from === undefined ? {} : range),
  });
  if (fault && "cutAfter" in fault)
    response.write(body.subarray(0, fault.cutAfter), () => setTimeout(() => response.destroy(), 20));
  else if (fault && "silentAfter" in fault) response.write(body.subarray(0, fault.silentAfter));
  else response.end(body);
}

function sendJson(response: ServerResponse, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number, code: string, message = code): void {
  const named = code === "" ? {} : { "x-error-code": code, "x-error-message": message };
  response
    .writeHead(status, { "content-type": "application/json", ...named })
    .end(JSON.stringify({ error: message }));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
