/**
 * Whether a file describes data rather than holding some, by its name: a README, a licence,
 * `dataset_info.json`.
 */
export function isAboutData(name: string): boolean {
  return (
    /(^|\/)(dataset_infos?|dataset_dict|state|config)\.json$/.test(name) ||
    /(^|\/)(readme|licen[cs]e|notice|changelog|citation|contributing)[^/]*\.(md|markdown|txt)$/i.test(name)
  );
}
