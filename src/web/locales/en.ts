import type { ErrorCode } from "../../errors.ts";

/** The element's own words, in English; a locale has the same keys. {names} are filled in. */
export const english = {
  drop: "Drop images, videos or sound here",
  "drop.image": "Drop images here",
  "drop.video": "Drop videos here",
  "drop.audio": "Drop sound here",
  "drop.now": "Let go to check",
  or: "or paste them",
  choose: "Choose files",
  promise: "Files are checked on this device, before anything is sent.",
  list: "Files",
  waiting: "Waiting",
  checking: "Checking…",
  pass: "Passes",
  unsure: "Unsure",
  fail: "Fails",
  note: "Note",
  unreadable: "Cannot be read",
  sending: "Sending…",
  registering: "Registering…",
  processing: "The service is processing it…",
  stopped: "Not sent",
  sent: "Sent",
  limits: "Limits",
  complete: "Completeness",
  send: "Send",
  "send.all": "Send {n}",
  cancel: "Cancel",
  retry: "Try again",
  remove: "Remove",
  clear: "Clear",
  copy: "Copy",
  copied: "Copied",
  progress: "Sending {name}",
  "of.name": "{action}: {name}",
  "say.added": "Files added: {n}.",
  "say.removed": "{name} removed.",
  "say.verdict": "{name}: {verdict}.",
  "say.verdicts": "Checked. {summary}.",
  "say.surplus": "Only {most} files can be taken; left out: {n}.",
  "count.pass": "{n} pass",
  "count.unsure": "{n} unsure",
  "count.fail": "{n} fail",
  "count.sent": "{n} sent",
  "unit.px": "px",
  "unit.s": "s",
  "unit.fps": "fps",
  "unit.Hz": "Hz",
  "unit.bit/s": "bit/s",
};

/**
 * The keys that a locale translates; and what could not be done, by the code of its error. Where a code has no text,
 * the error's own English message is shown.
 */
export type ElementTexts = Readonly<
  Record<keyof typeof english, string> & Partial<Record<`error.${ErrorCode}`, string>>
>;
