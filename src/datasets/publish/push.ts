import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { StopSignal } from "../../contracts/events.ts";
import { dataPaths } from "../../contracts/run-folder.ts";
import { DataError } from "../../errors.ts";
import { joinInside, sha256OfFile } from "../../files.ts";
import { readDataManifest } from "../folder/data-folder.ts";
import { HubFailure, hubFetch } from "../hub/request.ts";
import type { HubSettings } from "../hub/settings.ts";
import { renderRepoCard } from "./repo-card.ts";

/** What goes to the Hub: files of the data folder, and a card made for the repository. */
export interface PushPlan {
  repo: string;
  card: string;
  files: { path: string; local: string; sizeBytes: number }[];
}

/**
 * What `pushData` would upload from a run's data folder. Throws DataError when the data stage is not complete
 * there, or a file is not the one that the manifest describes.
 */
export async function planPush(dataDir: string, repo: string): Promise<PushPlan> {
  const manifest = readDataManifest(dataDir);
  const files: PushPlan["files"] = [];
  for (const { file, name, sha256 } of manifest.datasets) {
    const local = joinInside(dataDir, file);
    if ((await sha256OfFile(local)) !== sha256) {
      throw new DataError(
        `${local}: expected the file that manifest.json describes, got another. Run \`zebra data\` again.`,
      );
    }
    files.push(await entry(dataDir, file), await entry(dataDir, `${name}/README.md`));
  }
  for (const name of Object.values(dataPaths(""))) files.push(await entry(dataDir, name));
  return { repo, files, card: renderRepoCard(repo.split("/").at(-1)!, manifest) };
}

/**
 * Uploads a plan as one commit and creates the repository if there is none. Returns the commit's page. Throws
 * DataError without a token, for one that may not write, and when `private` is asked for and the repository
 * is public.
 */
export async function pushData(
  plan: PushPlan,
  options: { private: boolean; settings: HubSettings; stop: StopSignal },
): Promise<string> {
  const { settings, stop } = options;
  const where = `hub ${plan.repo}`;
  if (settings.token === undefined) {
    throw new DataError(
      `${where}: expected HF_TOKEN with a token that may write, got none. Make one at ` +
        "https://huggingface.co/settings/tokens.",
    );
  }
  if (settings.offline) throw new DataError(`${where}: expected a network, got HF_HUB_OFFLINE`);
  const hub = await import("@huggingface/hub");
  const common = { hubUrl: settings.endpoint, accessToken: settings.token, fetch: hubFetch(settings, stop) };
  const repo = { type: "dataset", name: plan.repo } as const;
  try {
    const found = await hub.datasetInfo({ name: plan.repo, ...common }).catch((error: unknown) => {
      if (error instanceof HubFailure && error.status === 404) return null;
      throw error;
    });
    if (found && options.private && !found.private) {
      throw new DataError(`${where}: expected a private repository, got a public one. Nothing was uploaded.`);
    }
    if (!found) await hub.createRepo({ repo, visibility: options.private ? "private" : "public", ...common });
    const made = await hub.uploadFiles({
      repo,
      commitTitle: "Upload data made by zebratune",
      files: [
        { path: "README.md", content: new Blob([plan.card]) },
        ...plan.files.map(({ path, local }) => ({ path, content: pathToFileURL(local) })),
      ],
      ...common,
    });
    return made?.commit.url ?? `${settings.endpoint}/datasets/${plan.repo}`;
  } catch (error) {
    if (!(error instanceof HubFailure)) throw error;
    const denied = error.status === 401 || error.status === 403;
    throw new DataError(
      `${where}: expected to upload, got ${error.message}. ` +
        `${denied ? "HF_TOKEN needs the right to write there" : "Nothing was committed: run again"}.`,
    );
  }
}

async function entry(dataDir: string, path: string): Promise<PushPlan["files"][number]> {
  const local = join(dataDir, path);
  return { path, local, sizeBytes: (await stat(local)).size };
}
