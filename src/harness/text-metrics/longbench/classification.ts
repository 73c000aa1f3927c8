/**
 * LongBench's classification_score: 1 / the number of classes that an answer names, if the right one is among
 * them. A class whose name is part of the right one's does not count. The official script takes such classes
 * out of the list that it walks through, and so passes over the one that follows; so does this.
 */
export function classificationScore(
  prediction: string,
  target: string,
  allClasses: readonly string[],
): number {
  const named = allClasses.filter((name) => prediction.includes(name));
  for (let i = 0; i < named.length; i++) {
    const name = named[i]!;
    if (target.includes(name) && name !== target) named.splice(named.indexOf(name), 1);
  }
  return named.includes(target) ? 1 / named.length : 0;
}
