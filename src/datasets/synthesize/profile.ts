import type { SourceDocument } from "../draft.ts";
import { readVendored } from "../vendored.ts";
import type { Range } from "./sentences.ts";

interface ProfileRow {
  id: string;
  file: string;
  region: string;
  code: string;
  name: string;
  fields: { section: string; field: string; part: string; text: string }[];
}

export interface Field {
  section: string;
  field: string;
  part: string;
  /** What stands before the colon: the field, and its part where it has parts. */
  label: string;
  text: string;
}

/** A country profile of the World Factbook. */
export interface Profile extends SourceDocument {
  name: string;
  fields: Field[];
}

export async function* readProfiles(): AsyncGenerator<Profile> {
  let row = 0;
  for await (const { id, file, name, fields } of readVendored<ProfileRow>("world-factbook")) {
    const read = fields.map(({ section, field, part, text }) => ({
      section,
      field,
      part,
      label: part === "" ? field : `${field} - ${part}`,
      // The package joins the lines of a field by " ++ ", also where the first line is empty.
      text: text
        .replace(/^\s*\+\+\s*/, "")
        .replaceAll(" ++ ", "; ")
        .trim(),
    }));
    const kept = read.filter((field) => field.text !== "");
    const profile = { id: `world-factbook/${id}`, row: row++, file, title: name, name, fields: kept };
    yield { ...profile, text: renderProfile(profile).text };
  }
}

/** The country's name, then headings and one line a field; `places` are the lines, by field. */
export function renderProfile(profile: { name: string; fields: readonly Field[] }): {
  text: string;
  places: Map<Field, Range>;
} {
  const places = new Map<Field, Range>();
  let text = `# ${profile.name}`;
  let section: string | undefined;
  for (const field of profile.fields) {
    if (field.section !== section) {
      section = field.section;
      text += `\n\n## ${section}`;
    }
    const line = `${field.label}: ${field.text}`;
    places.set(field, { start: text.length + 1, end: text.length + 1 + line.length });
    text += `\n${line}`;
  }
  return { text, places };
}

/** A few fields without headings: what a short question is asked about. */
export function renderExcerpt(
  name: string,
  fields: readonly Field[],
): { text: string; places: Map<Field, Range> } {
  const places = new Map<Field, Range>();
  let text = name;
  for (const field of fields) {
    const line = `${field.label}: ${field.text}`;
    places.set(field, { start: text.length + 1, end: text.length + 1 + line.length });
    text += `\n${line}`;
  }
  return { text, places };
}

/** The field's text where the profile has it once; undefined otherwise. */
export function findField(profile: Profile, field: string, part = ""): Field | undefined {
  return profile.fields.find((f) => f.field === field && f.part === part);
}
