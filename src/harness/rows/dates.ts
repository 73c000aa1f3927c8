/**
 * Date, and time with hours, minutes and seconds but no fractions, and zone: what Arrow takes for a
 * timestamp.
 */
const pattern = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

export function isDateText(text: string): boolean {
  return momentOf(text) !== undefined;
}

/** As Python prints it: a template sees `2024-01-01 00:00:00` where the file has 2024-01-01. */
export function asDateText(text: string): string {
  const moment = momentOf(text);
  return moment === undefined ? text : printed(moment);
}

function printed(moment: Date): string {
  return moment.toISOString().slice(0, 19).replace("T", " ");
}

function momentOf(text: string): Date | undefined {
  const found = pattern.exec(text);
  if (!found) return undefined;
  const [, year, month, day, hour = "00", minute = "00", second = "00", zone] = found;
  const plain = `${year}-${month}-${day} ${hour}:${minute}:${second}`;
  const moment = new Date(`${plain.replace(" ", "T")}Z`);
  // 30 February would have become 1 March.
  if (Number.isNaN(moment.getTime()) || printed(moment) !== plain) return undefined;
  return zone === undefined || zone === "Z" ? moment : new Date(moment.getTime() - minutesOf(zone) * 60_000);
}

function minutesOf(zone: string): number {
  const digits = zone.slice(1).replace(":", "");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0);
  return zone.startsWith("-") ? -minutes : minutes;
}
